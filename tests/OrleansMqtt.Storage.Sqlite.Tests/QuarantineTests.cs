using System.Text.Json;
using Orleans.Storage;
using OrleansMqtt.Sessions;
using OrleansMqtt.Storage.Specification;
using OrleansMqtt.Storage.Sqlite.Documents;
using OrleansMqtt.Storage.Sqlite.Engine;
using OrleansMqtt.Storage.Sqlite.Sessions;
using OrleansMqtt.Storage.Sqlite.Tests.Support;

namespace OrleansMqtt.Storage.Sqlite.Tests;

/// <summary>Records that cannot be decoded are set aside and the rest is served.</summary>
public sealed class QuarantineTests : IDisposable
{
    private readonly DataDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task An_entry_is_set_aside_and_no_longer_counted()
    {
        await new SqliteSessionLog(_directory.Open()).AppendAsync("c", 1, Samples.Entries(0, 3));
        Alter("UPDATE entry SET body = x'DEAD' WHERE id & 0xFF = 1");
        var log = new SqliteSessionLog(_directory.Open());
        for (var i = 0; i < 2; i++) Assert.Equal([0L, 2L], (await log.ReadAsync("c", 0, 10)).Select(static s => s.Entry.Sequence));
        Assert.Equal(new SessionLogExtent(3, 2, 6), await log.OpenAsync("c", 1));
        AssertLine("entry", "client c, position 1", [0xDE, 0xAD]);
    }

    [Fact]
    public async Task An_entry_that_stands_in_anothers_place_is_set_aside()
    {
        await new SqliteSessionLog(_directory.Open()).AppendAsync("c", 1, Samples.Entries(0, 2));
        Alter("UPDATE entry SET body = (SELECT body FROM entry WHERE id & 0xFF = 0) WHERE id & 0xFF = 1");
        Assert.Equal([0L], (await new SqliteSessionLog(_directory.Open()).ReadAsync("c", 0, 10)).Select(static s => s.Entry.Sequence));
    }

    [Fact]
    public async Task An_inbound_message_is_set_aside()
    {
        await new SqliteSessionLog(_directory.Open()).UpdateAsync("c", 1, Samples.Stored(new InboundMessage(1, Samples.Message("a")), new InboundMessage(2, Samples.Message("b"))));
        Alter("UPDATE inbound SET body = x'DEAD' WHERE packet = 1");
        var log = new SqliteSessionLog(_directory.Open());
        for (var i = 0; i < 2; i++) Assert.Equal([(ushort)2], (await log.ReadInboundAsync("c")).Select(static m => m.PacketId));
        AssertLine("inbound", "client c, packet identifier 1", [0xDE, 0xAD]);
    }

    [Fact]
    public async Task A_retained_message_is_set_aside()
    {
        await new SqliteRetainedStore(_directory.Open()).StoreAsync(3, 0, [Samples.Message("1", "a"), Samples.Message("2", "b")]);
        Alter("UPDATE retained SET body = x'' WHERE topic = x'61'");
        var store = new SqliteRetainedStore(_directory.Open());
        for (var i = 0; i < 2; i++) Assert.Equal(["b"], await store.LoadAsync(3).Select(static m => m.TopicName).ToListAsync(TestContext.Current.CancellationToken));
        AssertLine("retained", "partition 3, topic a", []);
    }

    [Fact]
    public async Task A_route_is_set_aside()
    {
        await new SqliteSubscriptionStore(_directory.Open()).ApplyAsync(0, 0, [Samples.Route("a", "c"), Samples.Route("b", "c")]);
        Alter("UPDATE route SET body = x'07' WHERE id = 1");
        var store = new SqliteSubscriptionStore(_directory.Open());
        for (var i = 0; i < 2; i++) Assert.Equal([Samples.Route("b", "c")], await store.LoadAsync(0));
        AssertLine("route", null, [7]);
    }

    [Fact]
    public async Task A_grains_state_is_set_aside_and_begins_anew()
    {
        var grain = GrainId.Create("session", "c");
        await new SqliteGrainStorage(_directory.Open()).WriteStateAsync("s", grain, new GrainState<Dictionary<string, int>>([]));
        Alter("UPDATE state SET body = x'7B'");
        var storage = new SqliteGrainStorage(_directory.Open());
        var state = new GrainState<Dictionary<string, int>>();
        await storage.ReadStateAsync("s", grain, state);
        Assert.Equal((false, null), (state.RecordExists, state.ETag));
        await storage.WriteStateAsync("s", grain, state);
        AssertLine("state", "s of session/c", [0x7B]);
    }

    [Fact]
    public async Task A_record_that_was_replaced_meanwhile_stays()
    {
        var store = _directory.Open();
        await new SqliteRetainedStore(store).StoreAsync(0, 0, [Samples.Message("new", "a")]);
        await store.SetAsideAsync(new DamagedRecord("retained", 1, "partition 0, topic a", [0xDE], "It was damaged when it was read."));
        Assert.Single(await new SqliteRetainedStore(store).LoadAsync(0).ToListAsync(TestContext.Current.CancellationToken));
        Assert.False(File.Exists(_directory.File("quarantine.jsonl")));
    }

    [Fact]
    public async Task What_cannot_be_set_aside_is_left_out_and_the_rest_is_served()
    {
        await new SqliteSessionLog(_directory.Open()).AppendAsync("c", 1, Samples.Entries(0, 3));
        Alter("UPDATE entry SET body = x'DEAD' WHERE id & 0xFF = 1");
        // Somebody else has the quarantine file: an I/O error, as a full disk is.
        using var taken = new FileStream(_directory.File("quarantine.jsonl"), FileMode.Create, FileAccess.ReadWrite, FileShare.None);
        var log = new SqliteSessionLog(_directory.Open());
        Assert.Equal([0L, 2L], (await log.ReadAsync("c", 0, 10)).Select(static s => s.Entry.Sequence));
        Assert.Contains("could not be set aside", Assert.Single(_directory.Logger.Lines), StringComparison.Ordinal);
        taken.Dispose();
        Assert.Equal([0L, 2L], (await log.ReadAsync("c", 0, 10)).Select(static s => s.Entry.Sequence));
        Assert.Single(File.ReadAllLines(_directory.File("quarantine.jsonl")));
    }

    // One line in the file and one in the log.
    private void AssertLine(string table, string? key, byte[] body)
    {
        var line = JsonDocument.Parse(Assert.Single(File.ReadAllLines(_directory.File("quarantine.jsonl")))).RootElement;
        Assert.Equal(table, line.GetProperty("Table").GetString());
        if (key is not null) Assert.Equal(key, line.GetProperty("Key").GetString());
        Assert.Equal(body, line.GetProperty("Body").GetBytesFromBase64());
        Assert.NotEmpty(line.GetProperty("Reason").GetString()!);
        Assert.Equal(_directory.Time.GetUtcNow(), line.GetProperty("Time").GetDateTimeOffset());
        Assert.StartsWith($"Error: Table {table}, record", Assert.Single(_directory.Logger.Lines), StringComparison.Ordinal);
    }

    private void Alter(string sql)
    {
        _directory.Close();
        using var database = new SqliteDatabase(_directory.File("store.db"));
        database.Execute(sql);
    }
}
