using System.Globalization;
using OrleansMqtt.Storage.Redis.Tests.Support;
using OrleansMqtt.Storage.Specification;
using StackExchange.Redis;

namespace OrleansMqtt.Storage.Redis.Tests.Connections;

public sealed class ReplicaTests
{
    [Fact]
    public async Task A_write_is_acknowledged_when_so_many_replicas_have_it()
    {
        await using var primary = await RedisServer.StartAsync("--repl-diskless-sync-delay", "0");
        await using var replica = await RedisServer.StartAsync(Follow(primary));
        await using var store = await RedisStoreUnderTest.OpenAsync(
            RedisStoreUnderTest.OptionsOf(primary.Address, new StoreDurability(DurabilityLevel.Replica, 1)) with { BarrierTimeout = TimeSpan.FromMilliseconds(200), MaximumWait = TimeSpan.FromSeconds(30) });
        await FollowedAsync(store);
        await store.Sessions.AppendAsync("c", 1, Samples.Entries(0, 1));
        await replica.KillAsync();
        var exception = await Assert.ThrowsAsync<StoreUnavailableException>(async () => await store.Sessions.AppendAsync("c", 1, Samples.Entries(1, 1)));
        Assert.Equal("Redis did not confirm durability replica(1) within 200 ms.", exception.Message);
        Assert.Equal((false, exception.Message), (store.Status.IsHealthy, store.Status.Problem));
        await replica.RunAsync(Follow(primary));
        await FollowedAsync(store);
        await store.Sessions.AppendAsync("c", 1, Samples.Entries(1, 1));
        Assert.Equal(2, (await store.Sessions.ReadAsync("c", 0, 10)).Length);
        Assert.True(store.Status.IsHealthy);
    }

    [Fact]
    public async Task One_wait_serves_the_writes_of_many()
    {
        await using var primary = await RedisServer.StartAsync("--repl-diskless-sync-delay", "0");
        await using var replica = await RedisServer.StartAsync(Follow(primary));
        await using var store = await RedisStoreUnderTest.OpenAsync(primary.Address, new StoreDurability(DurabilityLevel.Replica, 1));
        await FollowedAsync(store);
        await Task.WhenAll(Enumerable.Range(0, 1000).Select(i => store.Sessions.AppendAsync($"c{i}", 1, Samples.Entries(0, 1)).AsTask()));
        var statistics = ((string)await (await store.OpenDatabaseAsync()).ExecuteAsync("INFO", "commandstats"))!;
        var waits = statistics.Split('\n').Single(static line => line.StartsWith("cmdstat_wait:", StringComparison.Ordinal)).Split('=', ',')[1];
        Assert.InRange(int.Parse(waits, CultureInfo.InvariantCulture), 2, 20);
    }

    [Fact]
    public async Task A_wait_on_another_connection_says_nothing_of_the_writes_before()
    {
        await using var primary = await RedisServer.StartAsync("--repl-diskless-sync-delay", "0");
        await using var replica = await RedisServer.StartAsync(Follow(primary));
        await using var store = await RedisStoreUnderTest.OpenAsync(primary.Address, new StoreDurability(DurabilityLevel.Replica, 1));
        await FollowedAsync(store);
        var database = await store.OpenDatabaseAsync();
        using var follower = await ConnectionMultiplexer.ConnectAsync(replica.Address);
        var entries = store.Client.Keys.Session("c")[1];
        for (var i = 0; i < 100; i++)
        {
            var append = store.Sessions.AppendAsync("c", 1, Samples.Entries(i, 1)).AsTask();
            if (i % 10 == 5) await database.ExecuteAsync("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes");
            await append;
            // The replica has confirmed it.
            Assert.Equal(i + 1, (long)await follower.GetDatabase().ExecuteAsync("XLEN", entries));
        }
        follower.Close(allowCommandsToComplete: false);
    }

    private static string[] Follow(RedisServer primary) => ["--replicaof", "127.0.0.1", primary.Port.ToString(CultureInfo.InvariantCulture)];

    // WAIT without a limit returns once the replica has followed.
    private static async Task FollowedAsync(RedisStoreUnderTest store)
    {
        var database = await store.OpenDatabaseAsync();
        await database.StringSetAsync("probe", "1");
        await database.ExecuteAsync("WAIT", 1, 0);
    }
}
