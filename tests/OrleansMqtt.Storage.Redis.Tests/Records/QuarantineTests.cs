using Microsoft.Extensions.Logging;
using OrleansMqtt.Deadlines;
using OrleansMqtt.Routing;
using OrleansMqtt.Sessions;
using OrleansMqtt.Storage.Redis.Tests.Support;
using OrleansMqtt.Storage.Specification;
using StackExchange.Redis;

namespace OrleansMqtt.Storage.Redis.Tests.Records;

public sealed class QuarantineTests(SharedServer shared) : IAsyncLifetime
{
    private RedisStoreUnderTest? _store;
    private IDatabase? _database;

    private RedisStoreUnderTest Store => _store!;

    private IDatabase Database => _database!;

    public async ValueTask InitializeAsync()
    {
        _store = await RedisStoreUnderTest.OpenAsync(shared.Address);
        _database = await _store.OpenDatabaseAsync();
    }

    public ValueTask DisposeAsync() => _store?.DisposeAsync() ?? default;

    [Fact]
    public async Task A_damaged_log_entry_is_set_aside_and_the_rest_is_served()
    {
        var entries = Store.Client.Keys.Session("c")[1];
        await Store.Sessions.AppendAsync("c", 1, Samples.Entries(0, 1));
        await Store.Sessions.AppendAsync("d", 1, Samples.Entries(1, 1));
        // Position 1 gets bytes that no version wrote, counted as the store would.
        await Database.ExecuteAsync("XADD", entries, "1-1", "d", "damaged", "s", "3");
        await Database.HashSetAsync(Store.Client.Keys.Session("c")[0], [new("next", 2), new("count", 2), new("bytes", 6)]);
        await Store.Sessions.AppendAsync("c", 1, Samples.Entries(2, 1));
        Assert.Equal([0L, 2L], (await Store.Sessions.ReadAsync("c", 0, 2)).Select(static s => s.Entry.Sequence));
        Assert.Equal(new SessionLogExtent(3, 2, 6), await Store.Sessions.OpenAsync("c", 1));
        await SetAsideAsync($"{entries} 1\ndamaged");
    }

    [Fact]
    public async Task A_damaged_inbound_message_is_set_aside()
    {
        var inbound = Store.Client.Keys.Session("c")[3];
        await Store.Sessions.UpdateAsync("c", 1, Samples.Stored(new InboundMessage(1, Samples.Message("a"))));
        await Database.HashSetAsync(inbound, [new(7, "2:damaged"), new(8, "damaged")]);
        Assert.Equal([(ushort)1], (await Store.Sessions.ReadInboundAsync("c")).Select(static m => m.PacketId));
        Assert.Equal(1, await Database.HashLengthAsync(inbound));
        await SetAsideAsync($"{inbound} 7\n2:damaged", $"{inbound} 8\ndamaged");
    }

    [Fact]
    public async Task A_damaged_retained_message_is_set_aside()
    {
        var retained = Store.Client.Keys.Retained(0);
        await Store.Retained.StoreAsync(0, 0, [Samples.Message("1", "a")]);
        await Database.HashSetAsync(retained, "b", "damaged");
        var topics = new List<string>();
        await foreach (var message in Store.Retained.LoadAsync(0)) topics.Add(message.TopicName);
        Assert.Equal(["a"], topics);
        Assert.Equal(1, await Database.HashLengthAsync(retained));
        await SetAsideAsync($"{retained} b\ndamaged");
    }

    [Fact]
    public async Task Damaged_routes_due_times_and_connections_are_set_aside()
    {
        var keys = Store.Client.Keys;
        await Store.Subscriptions.ApplyAsync(0, 0, [RouteChanges.OfSession("c", "a", default, false)]);
        await Store.Deadlines.SetAsync(0, new Deadline("c", DeadlineKind.Will, 1, 1));
        await Store.Connections.AddAsync("g", new StoredConnection("c", 1));
        foreach (var key in (RedisKey[])[keys.Routes(0), keys.Deadlines(0), keys.Connections("g")]) await Database.HashSetAsync(key, "x", "damaged");
        Assert.Single(await Store.Subscriptions.LoadAsync(0));
        Assert.Single(await Store.Deadlines.LoadAsync(0));
        Assert.Single(await Store.Connections.ReadAsync("g"));
        await SetAsideAsync($"{keys.Routes(0)} x\ndamaged", $"{keys.Deadlines(0)} x\ndamaged", $"{keys.Connections("g")} x\ndamaged");
    }

    [Fact]
    public async Task A_damaged_grain_state_is_set_aside_and_can_be_written_anew()
    {
        var grain = GrainId.Create("session", "c");
        var key = Store.Client.Keys.GrainState(grain, "s");
        await Database.HashSetAsync(key, [new("etag", "1"), new("data", "{damaged")]);
        var state = new GrainState<List<int>>();
        await Store.Grains.ReadStateAsync("s", grain, state);
        Assert.False(state.RecordExists);
        await Store.Grains.WriteStateAsync("s", grain, state);
        await SetAsideAsync($"{key} data\n{{damaged");
    }

    private async Task SetAsideAsync(params string[] records)
    {
        var quarantine = await Database.ListRangeAsync(Store.Client.Keys.Quarantine);
        Assert.Equal(records.Order(), quarantine.Select(static r => (string)r!).Order());
        Assert.Equal(records.Length, Store.Log.Lines.Count(static line => line.Level == LogLevel.Error));
    }
}
