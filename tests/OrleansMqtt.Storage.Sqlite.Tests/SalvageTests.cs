using OrleansMqtt.Storage.Specification;
using OrleansMqtt.Storage.Sqlite.Documents;
using OrleansMqtt.Storage.Sqlite.Sessions;
using OrleansMqtt.Storage.Sqlite.Tests.Support;

namespace OrleansMqtt.Storage.Sqlite.Tests;

/// <summary>A file that SQLite calls damaged: what is readable is saved, the old file is kept.</summary>
public sealed class SalvageTests : IDisposable
{
    private const int PageSize = 4096, Entries = 2000;
    private readonly DataDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task A_damaged_page_costs_what_was_on_it()
    {
        await FillAsync();
        // A leaf of the entries, which make up nearly all of the file.
        Overwrite(new FileInfo(_directory.File("store.db")).Length / PageSize / 2 * PageSize, PageSize);
        var store = _directory.Open();
        var log = new SqliteSessionLog(store);
        var extent = await log.OpenAsync("c", 2);
        var read = await log.ReadAsync("c", 0, int.MaxValue);
        Assert.InRange(read.Length, Entries - 10, Entries - 1);
        Assert.Equal((Entries, read.Length, read.Sum(static s => (long)s.Entry.Message.Size)), (extent.Next, extent.Count, extent.Bytes));
        Assert.Single(await new SqliteDeadlineStore(store).LoadAsync(0));
        await log.AppendAsync("c", 2, [Samples.Entry(Entries)]);
        AssertSetAside();
    }

    [Fact]
    public async Task A_file_without_a_readable_page_is_set_aside_and_the_store_begins_anew()
    {
        await FillAsync();
        Overwrite(0, (int)new FileInfo(_directory.File("store.db")).Length);
        var log = new SqliteSessionLog(_directory.Open());
        Assert.Equal(new SessionLogExtent(0, 0, 0), await log.OpenAsync("c", 1));
        AssertSetAside();
    }

    [Fact]
    public async Task A_file_that_was_cut_off_is_salvaged()
    {
        await FillAsync();
        using (var file = File.OpenWrite(_directory.File("store.db"))) file.SetLength(file.Length / 2 / PageSize * PageSize);
        var log = new SqliteSessionLog(_directory.Open());
        var read = await log.ReadAsync("c", 0, int.MaxValue);
        Assert.Equal((await log.OpenAsync("c", 2)).Count, read.Length);
        AssertSetAside();
    }

    [Fact]
    public async Task Damage_that_showed_in_use_is_salvaged_at_the_next_start()
    {
        await FillAsync();
        File.WriteAllText(_directory.File("store.damaged"), "");
        var log = new SqliteSessionLog(_directory.Open());
        Assert.Equal(Entries, (await log.OpenAsync("c", 2)).Count);
        AssertSetAside();
        _directory.Open();
        Assert.Single(Directory.GetFiles(_directory.Path, "quarantine-*.db"));
    }

    [Fact]
    public async Task Damage_in_use_is_answered_and_noted()
    {
        await FillAsync();
        var log = new SqliteSessionLog(_directory.Open());
        // Behind the open store's back; its readers have read nothing yet.
        Overwrite(new FileInfo(_directory.File("store.db")).Length / PageSize / 2 * PageSize, PageSize);
        await Assert.ThrowsAsync<InvalidDataException>(async () => await log.ReadAsync("c", 0, int.MaxValue));
        Assert.True(File.Exists(_directory.File("store.damaged")));
        Assert.Equal(100, (await log.ReadAsync("c", 0, 100)).Length);
        await log.AppendAsync("other", 1, [Samples.Entry(0)]);
        log = new SqliteSessionLog(_directory.Open());
        Assert.InRange((await log.ReadAsync("c", 0, int.MaxValue)).Length, Entries - 10, Entries - 1);
        Assert.Single(await log.ReadAsync("other", 0, 10));
        AssertSetAside();
    }

    [Fact]
    public async Task A_salvage_that_was_interrupted_is_finished()
    {
        await FillAsync();
        // The moment after the old file was moved away.
        File.Move(_directory.File("store.db"), _directory.File("salvage.db"));
        Assert.Equal(Entries, (await new SqliteSessionLog(_directory.Open()).OpenAsync("c", 2)).Count);
    }

    private void AssertSetAside()
    {
        Assert.Single(Directory.GetFiles(_directory.Path, "quarantine-*.db"));
        Assert.False(File.Exists(_directory.File("store.damaged")));
        Assert.Contains(_directory.Logger.Lines, static line => line.StartsWith("Error:", StringComparison.Ordinal) && line.Contains("is damaged", StringComparison.Ordinal));
    }

    private async Task FillAsync()
    {
        var store = _directory.Open();
        var log = new SqliteSessionLog(store);
        var text = new string('x', 900);
        await log.AppendAsync("c", 1, [.. Enumerable.Range(0, Entries).Select(i => Samples.Entry(i, text))]);
        await new SqliteDeadlineStore(store).SetAsync(0, new Deadline("c", default, 1, 1));
        _directory.Close();
    }

    private void Overwrite(long offset, int count)
    {
        using var file = File.OpenWrite(_directory.File("store.db"));
        file.Position = offset;
        var bytes = new byte[count];
        Array.Fill(bytes, (byte)0xA5);
        file.Write(bytes);
    }
}
