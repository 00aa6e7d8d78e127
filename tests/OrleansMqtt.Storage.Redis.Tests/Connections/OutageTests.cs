using System.Collections.Immutable;
using OrleansMqtt.Sessions;
using OrleansMqtt.Storage.Redis.Tests.Support;
using OrleansMqtt.Storage.Specification;

namespace OrleansMqtt.Storage.Redis.Tests.Connections;

public sealed class OutageTests
{
    private const int Sessions = 16, Appends = 150;
    private static readonly string[] Synced = ["--appendonly", "yes", "--appendfsync", "always"];
    private static readonly StoreDurability Disk = new(DurabilityLevel.Disk);

    [Fact]
    public async Task Nothing_acknowledged_is_lost_or_doubled_when_the_server_is_killed_under_writes()
    {
        await using var server = await RedisServer.StartAsync(Synced);
        await using var store = await RedisStoreUnderTest.OpenAsync(RedisStoreUnderTest.OptionsOf(server.Address, Disk, strict: true));
        await WriteAsync(store, async () =>
        {
            await server.KillAsync();
            await server.RunAsync(Synced);
        });
        Assert.True(store.Status.IsHealthy);
    }

    [Fact]
    public async Task Nothing_is_lost_or_doubled_when_connections_break_under_writes()
    {
        await using var server = await RedisServer.StartAsync();
        await using var store = await RedisStoreUnderTest.OpenAsync(server.Address);
        var database = await store.OpenDatabaseAsync();
        await WriteAsync(store, () => database.ExecuteAsync("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes"));
    }

    [Fact]
    public async Task Scripts_that_the_server_has_forgotten_are_loaded_again()
    {
        await using var server = await RedisServer.StartAsync();
        await using var store = await RedisStoreUnderTest.OpenAsync(server.Address);
        var database = await store.OpenDatabaseAsync();
        await WriteAsync(store, () => database.ExecuteAsync("SCRIPT", "FLUSH"));
        await database.ExecuteAsync("SCRIPT", "FLUSH");
        Assert.Single(await store.Sessions.ReadAsync("c0", 0, 1));
    }

    [Fact]
    public async Task While_the_server_is_away_writes_and_reads_wait_and_go_on()
    {
        await using var server = await RedisServer.StartAsync(Synced);
        await using var store = await RedisStoreUnderTest.OpenAsync(server.Address, Disk);
        await store.Sessions.AppendAsync("c", 1, Samples.Entries(0, 1));
        var lost = store.Log.NextAsync("is lost");
        await server.KillAsync();
        // Told by the connection itself, without a write.
        await lost;
        Assert.False(store.Status.IsHealthy);
        Assert.NotNull(store.Status.Problem);
        var append = store.Sessions.AppendAsync("c", 1, Samples.Entries(1, 1)).AsTask();
        var read = store.Sessions.ReadAsync("c", 0, 1).AsTask();
        Assert.False(append.IsCompleted || read.IsCompleted);
        await server.RunAsync(Synced);
        await append;
        Assert.Single(await read);
        Assert.Equal(2, (await store.Sessions.ReadAsync("c", 0, 10)).Length);
        Assert.True(store.Status.IsHealthy);
        Assert.Null(store.Status.Problem);
    }

    [Fact]
    public async Task Waiting_is_bounded_in_time_and_number()
    {
        await using var server = await RedisServer.StartAsync();
        var options = RedisStoreUnderTest.OptionsOf(server.Address) with { MaximumWait = TimeSpan.FromMilliseconds(300), MaximumWaitingWrites = 2 };
        await using var store = await RedisStoreUnderTest.OpenAsync(options);
        await server.KillAsync();
        var writes = Enumerable.Range(0, 3).Select(i => store.Sessions.OpenAsync($"c{i}", 1).AsTask()).ToArray();
        Assert.Contains("2 writes wait for redis", (await UnavailableAsync(() => writes[2])).Message, StringComparison.Ordinal);
        Assert.Contains("did not answer within 0.3 s", (await UnavailableAsync(() => writes[0])).Message, StringComparison.Ordinal);
        await UnavailableAsync(() => writes[1]);
        await UnavailableAsync(() => store.Sessions.ReadAsync("c", 0, 1).AsTask());
        var connected = store.Log.NextAsync("Connected");
        await server.RunAsync();
        await connected;
        await store.Sessions.OpenAsync("c0", 1);
    }

    [Fact]
    public async Task Writes_that_were_given_up_are_not_kept_through_an_outage()
    {
        await using var server = await RedisServer.StartAsync();
        await using var store = await RedisStoreUnderTest.OpenAsync(RedisStoreUnderTest.OptionsOf(server.Address) with { MaximumWait = TimeSpan.FromMilliseconds(10) });
        await server.KillAsync();
        for (var i = 0; i < 20; i++) await UnavailableAsync(() => store.Sessions.OpenAsync("c", 1).AsTask());
        Assert.InRange(store.Client.Waiting, 0, 1);
    }

    [Fact]
    public async Task A_server_that_stands_still_is_left_and_what_was_on_its_way_does_not_come_later()
    {
        await using var server = await RedisServer.StartAsync();
        var options = RedisStoreUnderTest.OptionsOf(server.Address + ",connectTimeout=1000") with { AnswerTimeout = TimeSpan.FromMilliseconds(300), MaximumWait = TimeSpan.FromSeconds(30) };
        await using var store = await RedisStoreUnderTest.OpenAsync(options);
        var lost = store.Log.NextAsync("is lost");
        await server.SignalAsync("STOP");
        var first = store.Retained.StoreAsync(0, 0, [Samples.Message("1", "a")]).AsTask();
        var second = store.Retained.StoreAsync(0, 0, [Samples.Message("2", "a")]).AsTask();
        await lost;
        await server.SignalAsync("CONT");
        await Task.WhenAll(first, second);
        await foreach (var message in store.Retained.LoadAsync(0)) Assert.Equal("2", message.Text());
    }

    [Fact]
    public async Task A_primary_that_becomes_a_replica_is_left_until_it_takes_writes_again()
    {
        await using var server = await RedisServer.StartAsync();
        await using var store = await RedisStoreUnderTest.OpenAsync(server.Address);
        var database = await store.OpenDatabaseAsync();
        var refused = store.Log.NextAsync("is a replica, which takes no writes");
        await database.ExecuteAsync("REPLICAOF", "127.0.0.1", RedisServer.FindFreePort());
        var append = store.Sessions.AppendAsync("c", 1, Samples.Entries(0, 1)).AsTask();
        await refused;
        Assert.False(append.IsCompleted || store.Status.IsHealthy);
        await database.ExecuteAsync("REPLICAOF", "NO", "ONE");
        await append;
        Assert.True(store.Status.IsHealthy);
    }

    [Fact]
    public async Task A_closed_store_says_so()
    {
        await using var server = await RedisServer.StartAsync();
        var store = await RedisStoreUnderTest.OpenAsync(server.Address);
        var sessions = store.Sessions;
        await store.DisposeAsync();
        Assert.Equal("The store is closed.", (await UnavailableAsync(() => sessions.OpenAsync("c", 1).AsTask())).Message);
        Assert.Equal("The store is closed.", (await UnavailableAsync(() => sessions.ReadAsync("c", 0, 1).AsTask())).Message);
    }

    // Sessions append one message after the other, each under an identity, and write a state; at certain counts something happens.
    private static async Task WriteAsync(RedisStoreUnderTest store, Func<Task> disturb)
    {
        using var acknowledged = new SemaphoreSlim(0);
        var writers = Enumerable.Range(0, Sessions).Select(session => Task.Run(async () =>
        {
            var (grain, state) = (GrainId.Create("session", $"c{session}"), new GrainState<List<int>>([]));
            for (var i = 0; i < Appends; i++)
            {
                // A repeat that did not know itself would be refused as somebody else's.
                if (i % 10 == 9) await store.Grains.ClearStateAsync("s", grain, state);
                else await store.Grains.WriteStateAsync("s", grain, state);
                var position = i * 2;
                ImmutableArray<SessionLogEntry> entries = [Samples.Entry(position, identity: Samples.Identity(i)), Samples.Entry(position + 1, identity: Samples.Identity(i))];
                Assert.Equal([position + 1L], (await store.Sessions.AppendAsync($"c{session}", 1, entries)).AsEnumerable());
                acknowledged.Release();
            }
        })).ToArray();
        for (var i = 0; i < 3; i++)
        {
            for (var n = 0; n < Sessions * Appends / 4; n++) await acknowledged.WaitAsync();
            await disturb();
        }
        await Task.WhenAll(writers);
        for (var session = 0; session < Sessions; session++)
        {
            Assert.Equal(Enumerable.Range(0, Appends).Select(static i => i * 2L), (await store.Sessions.ReadAsync($"c{session}", 0, int.MaxValue)).Select(static s => s.Entry.Sequence));
            var extent = await store.Sessions.OpenAsync($"c{session}", 1);
            Assert.Equal((Appends * 2L, Appends), (extent.Next, extent.Count));
        }
    }

    private static Task<StoreUnavailableException> UnavailableAsync(Func<Task> call) => Assert.ThrowsAsync<StoreUnavailableException>(call);
}
