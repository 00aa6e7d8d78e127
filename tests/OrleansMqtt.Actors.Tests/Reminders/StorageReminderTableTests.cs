using Orleans;
using Orleans.Runtime;
using OrleansMqtt.Actors.Persistence;
using OrleansMqtt.Actors.Reminders;

namespace OrleansMqtt.Actors.Tests.Reminders;

/// <summary>What <see cref="IReminderTable"/> says, of the one over a grain storage.</summary>
public class StorageReminderTableTests
{
    private static readonly DateTime Time = new(2030, 1, 2, 3, 4, 5, DateTimeKind.Utc);
    private readonly MemoryGrainStorage _storage = new();
    private readonly StorageReminderTable _table;

    public StorageReminderTableTests() => _table = new StorageReminderTable(() => _storage);

    [Fact]
    public async Task A_row_comes_back_as_it_was_written()
    {
        var etag = await _table.UpsertRow(Entry("a/b", "nightly"));
        var row = await new StorageReminderTable(() => _storage).ReadRow(GrainId.Create("meter", "a/b"), "nightly");
        Assert.Equal(
            (GrainId.Create("meter", "a/b"), "nightly", Time, DateTimeKind.Utc, TimeSpan.FromMinutes(7), etag), (row!.GrainId, row.ReminderName, row.StartAt, row.StartAt.Kind, row.Period, row.ETag));
        Assert.Null(await _table.ReadRow(GrainId.Create("meter", "a/b"), "Nightly"));
        Assert.Null(await _table.ReadRow(GrainId.Create("meter", "a"), "nightly"));
    }

    [Fact]
    public async Task A_grain_has_its_own_rows()
    {
        foreach (var (key, name) in new[] { ("a", "1"), ("a", "2"), ("b", "1") }) await _table.UpsertRow(Entry(key, name));
        Assert.Equal(["1", "2"], (await _table.ReadRows(GrainId.Create("meter", "a"))).Reminders.Select(static row => row.ReminderName).Order());
    }

    [Fact]
    public async Task One_without_an_ETag_replaces_whatever_is_there()
    {
        var first = await _table.UpsertRow(Entry("a", "1"));
        var entry = Entry("a", "1");
        entry.Period = TimeSpan.FromHours(1);
        var second = await _table.UpsertRow(entry);
        Assert.NotEqual(first, second);
        Assert.Equal(TimeSpan.FromHours(1), Assert.Single((await _table.ReadRows(GrainId.Create("meter", "a"))).Reminders).Period);
    }

    [Fact]
    public async Task One_with_an_ETag_replaces_that_row_alone()
    {
        var entry = Entry("a", "1");
        entry.ETag = "unheard";
        Assert.Null(await _table.UpsertRow(entry));
        Assert.Null(await _table.ReadRow(entry.GrainId, "1"));
        var stale = await _table.UpsertRow(Entry("a", "1"));
        entry.ETag = await _table.UpsertRow(Entry("a", "1"));
        Assert.NotNull(await _table.UpsertRow(entry));
        entry.ETag = stale;
        Assert.Null(await _table.UpsertRow(entry));
    }

    [Fact]
    public async Task A_row_is_removed_by_its_ETag()
    {
        var grain = GrainId.Create("meter", "a");
        var stale = await _table.UpsertRow(Entry("a", "1"));
        var etag = await _table.UpsertRow(Entry("a", "1"));
        Assert.False(await _table.RemoveRow(grain, "1", stale!));
        Assert.True(await _table.RemoveRow(grain, "1", etag!));
        Assert.False(await _table.RemoveRow(grain, "1", etag!));
        Assert.Null(await _table.ReadRow(grain, "1"));
    }

    [Fact]
    public async Task Ranges_of_the_ring_together_have_each_row_once()
    {
        var random = new Random(1);
        for (var i = 0; i < 300; i++) await _table.UpsertRow(Entry($"key-{i}", "1"));
        Assert.Equal(300, (await _table.ReadRows(0, 0)).Reminders.Count);
        Assert.Equal(300, (await _table.ReadRows(77, 77)).Reminders.Count);
        uint[] bounds = [.. Enumerable.Range(0, 5).Select(_ => (uint)random.NextInt64(uint.MaxValue)).Order()];
        var found = new List<string>();
        for (var i = 0; i < bounds.Length; i++)
        {
            var (begin, end) = (bounds[i], bounds[(i + 1) % bounds.Length]);
            var rows = (await _table.ReadRows(begin, end)).Reminders;
            Assert.All(rows, row => Assert.True(begin < end == (row.GrainId.GetUniformHashCode() > begin && row.GrainId.GetUniformHashCode() <= end)));
            found.AddRange(rows.Select(static row => row.GrainId.Key.ToString()));
        }

        Assert.Equal(Enumerable.Range(0, 300).Select(static i => $"key-{i}").Order(), found.Order());
    }

    [Fact]
    public async Task Silos_that_write_at_the_same_time_lose_nothing()
    {
        var tables = Enumerable.Range(0, 4).Select(_ => new StorageReminderTable(() => _storage)).ToList();
        // One document for all of them.
        await Task.WhenAll(Enumerable.Range(0, 200).Select(i => Task.Run(() => tables[i % tables.Count].UpsertRow(Entry("a", $"{i}")))));
        Assert.Equal(200, (await _table.ReadRows(GrainId.Create("meter", "a"))).Reminders.Count);
    }

    [Fact]
    public async Task All_can_be_removed()
    {
        for (var i = 0; i < 20; i++) await _table.UpsertRow(Entry($"key-{i}", "1"));
        await _table.TestOnlyClearTable();
        Assert.Empty((await _table.ReadRows(0, 0)).Reminders);
    }

    private static ReminderEntry Entry(string key, string name) => new() { GrainId = GrainId.Create("meter", key), ReminderName = name, StartAt = Time, Period = TimeSpan.FromMinutes(7) };
}
