using OrleansMqtt.Deadlines;

namespace OrleansMqtt.Storage.Specification;

/// <summary>What <see cref="IDeadlineStore"/> says.</summary>
public abstract class DeadlineStoreSpecification : StoreSpecification
{
    private IDeadlineStore Deadlines => Store.Deadlines;

    [Fact]
    public async Task A_new_shard_is_empty() => Assert.Empty(await Deadlines.LoadAsync(0));

    [Fact]
    public async Task Times_come_back_as_they_were_set()
    {
        Deadline[] times = [Will("c", 1), Expiry("c", 2), Will("", long.MaxValue, long.MaxValue), Will("C", 0, 0), Will("ä/日", 1_900_000_000_000, 1_900_000_000_000L << 10)];
        foreach (var time in times) await Deadlines.SetAsync(3, time);
        await Store.ReopenAsync();
        var loaded = await Deadlines.LoadAsync(3);
        Assert.Equal(times.ToHashSet(), loaded.ToHashSet());
        Assert.Equal(times.Length, loaded.Length);
    }

    [Fact]
    public async Task A_later_time_of_a_client_and_kind_replaces_the_earlier()
    {
        await Deadlines.SetAsync(0, Will("c", 10, 1));
        await Deadlines.SetAsync(0, Expiry("c", 20, 1));
        await Deadlines.SetAsync(0, Will("c", 5, 2));
        Assert.Equal(new HashSet<Deadline> { Will("c", 5, 2), Expiry("c", 20, 1) }, (await Deadlines.LoadAsync(0)).ToHashSet());
    }

    [Fact]
    public async Task A_removed_time_is_gone()
    {
        await Deadlines.SetAsync(0, Will("c", 10));
        await Deadlines.SetAsync(0, Expiry("c", 10));
        await Deadlines.RemoveAsync(0, Will("c", 10));
        await Deadlines.RemoveAsync(0, Will("c", 10));
        await Deadlines.RemoveAsync(0, Will("unknown", 10));
        await Store.ReopenAsync();
        Assert.Equal([Expiry("c", 10)], await Deadlines.LoadAsync(0));
    }

    [Fact]
    public async Task Removing_leaves_another_time_that_was_set_since()
    {
        await Deadlines.SetAsync(0, Will("c", 10, 1));
        await Deadlines.SetAsync(0, Will("c", 10, 2));
        await Deadlines.RemoveAsync(0, Will("c", 10, 1));
        Assert.Equal([Will("c", 10, 2)], await Deadlines.LoadAsync(0));
        await Deadlines.SetAsync(0, Will("c", 11, 2));
        await Deadlines.RemoveAsync(0, Will("c", 10, 2));
        Assert.Equal([Will("c", 11, 2)], await Deadlines.LoadAsync(0));
    }

    [Fact]
    public async Task Shards_are_told_apart()
    {
        await Deadlines.SetAsync(0, Will("c", 10));
        await Deadlines.SetAsync(1, Will("c", 20));
        await Deadlines.RemoveAsync(1, Will("c", 10));
        await Deadlines.RemoveAsync(0, Will("c", 10));
        Assert.Empty(await Deadlines.LoadAsync(0));
        Assert.Equal([Will("c", 20)], await Deadlines.LoadAsync(1));
    }

    [Fact]
    public async Task Many_are_set_at_once()
    {
        await Task.WhenAll(Enumerable.Range(0, 500).Select(i => Deadlines.SetAsync(0, Will($"c{i}", i)).AsTask()));
        await Store.ReopenAsync();
        Assert.Equal(Enumerable.Range(0, 500).Select(static i => Will($"c{i}", i)), (await Deadlines.LoadAsync(0)).OrderBy(static d => d.Due));
    }

    private static Deadline Will(string client, long due, long epoch = 1) => new(client, DeadlineKind.Will, due, epoch);

    private static Deadline Expiry(string client, long due, long epoch = 1) => new(client, DeadlineKind.SessionExpiry, due, epoch);
}
