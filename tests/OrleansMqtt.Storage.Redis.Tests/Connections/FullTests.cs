using System.Globalization;
using OrleansMqtt.Sessions;
using OrleansMqtt.Storage.Redis.Tests.Support;
using OrleansMqtt.Storage.Specification;

namespace OrleansMqtt.Storage.Redis.Tests.Connections;

public sealed class FullTests
{
    private static readonly string Large = new('x', 100_000);

    [Fact]
    public async Task A_full_server_refuses_what_takes_memory_and_lets_through_what_frees_it()
    {
        await using var server = await RedisServer.StartAsync();
        await using var store = await RedisStoreUnderTest.OpenAsync(server.Address);
        const int Count = 20;
        for (var i = 0; i < Count; i++) await store.Sessions.AppendAsync("c", 1, [Samples.Entry(i, Large, Samples.Identity(i))]);
        var database = await store.OpenDatabaseAsync();
        await database.ExecuteAsync("CONFIG", "SET", "maxmemory", (await UsedAsync() - 500_000).ToString(CultureInfo.InvariantCulture));
        await RefusedAsync(async () => await store.Sessions.AppendAsync("c", 1, [Samples.Entry(Count, "x", Samples.Identity(Count))]));
        await RefusedAsync(async () => await store.Retained.StoreAsync(0, 0, [Samples.Message("x", "a")]));
        await RefusedAsync(async () => await store.Sessions.UpdateAsync("c", 1, Samples.Stored(new InboundMessage(1, Samples.Message("x")))));
        Assert.Equal(Count, (await store.Sessions.ReadAsync("c", 0, int.MaxValue)).Length);
        Assert.False(store.Status.IsHealthy);
        Assert.StartsWith("Redis says: OOM ", store.Status.Problem, StringComparison.Ordinal);

        // A client connects, acknowledges and goes all the same; then there is space again.
        Assert.Equal(Count, (await store.Sessions.OpenAsync("c", 2)).Count);
        await store.Sessions.UpdateAsync("c", 2, Samples.Released(0));
        await store.Sessions.UpdateAsync("c", 2, Samples.Removed([.. Enumerable.Range(0, Count).Select(static i => (long)i)]));
        Assert.Empty(await store.Sessions.AppendAsync("c", 2, [Samples.Entry(Count, Large, Samples.Identity(Count))]));
        Assert.True(store.Status.IsHealthy);
        Assert.Equal([(long)Count], (await store.Sessions.ReadAsync("c", 0, 10)).Select(static s => s.Entry.Sequence));

        async Task<long> UsedAsync()
        {
            var info = ((string)await database.ExecuteAsync("INFO", "memory"))!;
            return long.Parse(info.Split('\n').Single(static line => line.StartsWith("used_memory:", StringComparison.Ordinal)).Split(':')[1], CultureInfo.InvariantCulture);
        }
    }

    private static async Task RefusedAsync(Func<Task> write) => await Assert.ThrowsAsync<StoreFullException>(write);
}
