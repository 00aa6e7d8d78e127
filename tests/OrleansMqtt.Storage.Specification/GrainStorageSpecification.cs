namespace OrleansMqtt.Storage.Specification;

/// <summary>What Orleans says of an <see cref="IGrainStorage"/>.</summary>
public abstract class GrainStorageSpecification : StoreSpecification
{
    private static readonly GrainId Grain = GrainId.Create("session", "c");

    private IGrainStorage Grains => Store.Grains;

    public sealed class Document
    {
        public string Name { get; set; } = "";

        public long Number { get; set; }

        public byte[] Bytes { get; set; } = [];

        public Dictionary<string, int> Counts { get; set; } = [];
    }

    [Fact]
    public async Task A_state_that_was_never_written_is_new()
    {
        var state = await ReadAsync();
        Assert.False(state.RecordExists);
        Assert.Null(state.ETag);
        Assert.Equal("", state.State!.Name);
    }

    [Fact]
    public async Task A_state_comes_back_as_it_was_written()
    {
        var written = await ReadAsync();
        written.State = new Document { Name = "ä", Number = long.MaxValue, Bytes = [0, 255], Counts = { ["a"] = 1, [""] = 2 } };
        await Grains.WriteStateAsync("s", Grain, written);
        Assert.True(written.RecordExists);
        Assert.NotNull(written.ETag);
        await Store.ReopenAsync();
        var read = await ReadAsync();
        Assert.True(read.RecordExists);
        Assert.Equal(written.ETag, read.ETag);
        Assert.Equal(("ä", long.MaxValue), (read.State!.Name, read.State.Number));
        Assert.Equal([0, 255], read.State.Bytes);
        Assert.Equal(written.State.Counts, read.State.Counts);
    }

    [Fact]
    public async Task Each_write_renews_the_ETag()
    {
        var state = await WriteAsync("1");
        var first = state.ETag;
        await Grains.WriteStateAsync("s", Grain, state);
        Assert.NotEqual(first, state.ETag);
    }

    [Fact]
    public async Task Of_two_writers_the_stale_one_is_refused()
    {
        var one = await WriteAsync("1");
        var two = await ReadAsync();
        two.State!.Name = "2";
        await Grains.WriteStateAsync("s", Grain, two);
        await RefusedAsync(() => Grains.WriteStateAsync("s", Grain, one));
        await RefusedAsync(() => Grains.ClearStateAsync("s", Grain, one));
        await Store.ReopenAsync();
        await RefusedAsync(() => Grains.WriteStateAsync("s", Grain, one));
        Assert.Equal("2", (await ReadAsync()).State!.Name);
    }

    [Fact]
    public async Task A_first_write_is_refused_when_there_is_a_state()
    {
        await WriteAsync("1");
        await RefusedAsync(() => Grains.WriteStateAsync("s", Grain, new GrainState<Document>(new Document())));
        await RefusedAsync(() => Grains.ClearStateAsync("s", Grain, new GrainState<Document>(new Document())));
    }

    [Fact]
    public async Task A_write_with_an_ETag_is_refused_when_there_is_none()
    {
        await RefusedAsync(() => Grains.WriteStateAsync("s", Grain, new GrainState<Document>(new Document(), "17")));
        Assert.False((await ReadAsync()).RecordExists);
    }

    [Fact]
    public async Task Clearing_leaves_nothing()
    {
        var state = await WriteAsync("1");
        var before = await ReadAsync();
        await Grains.ClearStateAsync("s", Grain, state);
        Assert.False(state.RecordExists);
        Assert.Equal("", state.State!.Name);
        await Store.ReopenAsync();
        Assert.False((await ReadAsync()).RecordExists);
        await RefusedAsync(() => Grains.WriteStateAsync("s", Grain, before));
        // The one that cleared it can write again.
        await Grains.WriteStateAsync("s", Grain, state);
        await RefusedAsync(() => Grains.WriteStateAsync("s", Grain, before));
    }

    [Fact]
    public async Task Clearing_what_is_not_there_is_no_error()
    {
        var state = await ReadAsync();
        await Grains.ClearStateAsync("s", Grain, state);
        Assert.False(state.RecordExists);
    }

    [Fact]
    public async Task States_are_told_apart_by_name_and_grain()
    {
        (string Name, GrainId Grain)[] keys =
        [
            ("s", Grain), ("S", Grain), ("s", GrainId.Create("session", "C")), ("s", GrainId.Create("other", "c")), ("s", GrainId.Create("session", "c/x")), ("s", GrainId.Create("session", "日")),
        ];
        foreach (var (name, grain) in keys) await Grains.WriteStateAsync(name, grain, new GrainState<Document>(new Document { Name = $"{name} {grain}" }));
        await Store.ReopenAsync();
        foreach (var (name, grain) in keys) Assert.Equal($"{name} {grain}", (await ReadAsync(name, grain)).State!.Name);
    }

    [Fact]
    public async Task Of_many_writers_at_once_one_wins()
    {
        await WriteAsync("0");
        var states = new List<GrainState<Document>>();
        for (var i = 0; i < 16; i++) states.Add(await ReadAsync());
        var won = await Task.WhenAll(states.Select(state => Task.Run(async () =>
        {
            try
            {
                await Grains.WriteStateAsync("s", Grain, state);
                return true;
            }
            catch (InconsistentStateException)
            {
                return false;
            }
        })));
        Assert.Single(won, static w => w);
    }

    [Fact]
    public async Task What_is_changed_after_a_write_is_not_stored()
    {
        var state = await WriteAsync("stored");
        state.State!.Name = "changed";
        Assert.Equal("stored", (await ReadAsync()).State!.Name);
    }

    private async Task<GrainState<Document>> ReadAsync(string name = "s", GrainId? grain = null)
    {
        var state = new GrainState<Document>();
        await Grains.ReadStateAsync(name, grain ?? Grain, state);
        return state;
    }

    private async Task<GrainState<Document>> WriteAsync(string text)
    {
        var state = new GrainState<Document>(new Document { Name = text });
        await Grains.WriteStateAsync("s", Grain, state);
        return state;
    }

    private static async Task RefusedAsync(Func<Task> write) => await Assert.ThrowsAsync<InconsistentStateException>(write);
}
