using OrleansMqtt.Sessions;
using OrleansMqtt.Storage.Redis.Keys;
using OrleansMqtt.Storage.Redis.Tests.Support;
using OrleansMqtt.Storage.Specification;

namespace OrleansMqtt.Storage.Redis.Tests.Records;

public sealed class LayoutTests(SharedServer shared)
{
    [Fact]
    public async Task Grain_states_lie_where_the_Orleans_package_has_them()
    {
        var options = RedisStoreUnderTest.OptionsOf(shared.Address) with { ServiceId = "service" + Guid.NewGuid().ToString("N") };
        await using var store = await RedisStoreUnderTest.OpenAsync(options);
        var (grain, state) = (GrainId.Create("session", "c"), new GrainState<List<int>>([1, 2]));
        await store.Grains.WriteStateAsync("s", grain, state);
        var fields = await (await store.OpenDatabaseAsync()).HashGetAllAsync($"{options.ServiceId}/state/session/c/s");
        Assert.Equal(new Dictionary<string, string> { ["etag"] = state.ETag!, ["data"] = "[1,2]" }, fields.ToDictionary(static f => (string)f.Name!, static f => (string)f.Value!));
    }

    [Fact]
    public async Task A_state_that_the_Orleans_package_has_cleared_is_none()
    {
        var options = RedisStoreUnderTest.OptionsOf(shared.Address);
        await using var store = await RedisStoreUnderTest.OpenAsync(options);
        var grain = GrainId.Create("session", "c");
        await (await store.OpenDatabaseAsync()).HashSetAsync(store.Client.Keys.GrainState(grain, "s"), [new("etag", "7"), new("data", "")]);
        var state = new GrainState<List<int>>();
        await store.Grains.ReadStateAsync("s", grain, state);
        Assert.Equal((false, "7"), (state.RecordExists, state.ETag));
        await store.Grains.WriteStateAsync("s", grain, state);
    }

    [Fact]
    public async Task A_page_that_is_too_large_for_one_answer_is_read_in_parts()
    {
        await using var store = await RedisStoreUnderTest.OpenAsync(shared.Address);
        var text = new string('x', 100_000);
        await store.Sessions.AppendAsync("c", 1, [.. Enumerable.Range(0, 50).Select(i => Samples.Entry(i, text))]);
        await store.Sessions.UpdateAsync("c", 1, new SessionLogUpdate([17, 18], [40], [], []));
        var page = await store.Sessions.ReadAsync("c", 0, 45);
        Assert.Equal(Enumerable.Range(0, 47).Except([17, 18]).Select(static i => (long)i), page.Select(static s => s.Entry.Sequence));
        Assert.Equal([40L], page.Where(static s => s.Released).Select(static s => s.Entry.Sequence));
    }

    [Fact]
    public async Task A_deleted_log_leaves_no_key()
    {
        await using var store = await RedisStoreUnderTest.OpenAsync(shared.Address);
        await store.Sessions.AppendAsync("c", 1, [Samples.Entry(0, identity: Samples.Identity(1)), Samples.Entry(1)]);
        await store.Sessions.UpdateAsync("c", 1, new SessionLogUpdate([], [1], [new InboundMessage(1, Samples.Message("x"))], []));
        var database = await store.OpenDatabaseAsync();
        var keys = store.Client.Keys.Session("c");
        foreach (var key in keys) Assert.True(await database.KeyExistsAsync(key), key);
        await store.Sessions.DeleteAsync("c", 1);
        foreach (var key in keys) Assert.False(await database.KeyExistsAsync(key), key);
    }

    [Theory]
    [InlineData("}", "%7D")]
    [InlineData("{a}", "{a")]
    [InlineData("%7D", "}")]
    [InlineData("", "{}")]
    public void Sessions_have_one_slot_each_and_names_of_their_own(string clientId, string other)
    {
        var keys = new RedisKeys("{cluster}", "service");
        Assert.Single(keys.Session(clientId).Select(static key => TagOf(key.ToString())).Distinct());
        Assert.Empty(keys.Session(clientId).Intersect(keys.Session(other)));
        Assert.NotEqual(TagOf(keys.Session(clientId)[0].ToString()), TagOf(keys.Session(other)[0].ToString()));
    }

    // As Redis Cluster finds it: from the first brace to the next closing one.
    private static string TagOf(string key)
    {
        var start = key.IndexOf('{', StringComparison.Ordinal) + 1;
        var tag = key[start..key.IndexOf('}', start)];
        Assert.NotEqual("", tag);
        return tag;
    }
}
