using OrleansMqtt.Sessions;
using OrleansMqtt.Storage.Specification;
using OrleansMqtt.Storage.Sqlite.Sessions;
using OrleansMqtt.Storage.Sqlite.Tests.Support;

namespace OrleansMqtt.Storage.Sqlite.Tests;

/// <summary>A full disk, space used again, and deleting much.</summary>
public sealed class SpaceTests : IDisposable
{
    private const int Pages = 200;
    private static readonly string Text = new('x', 900);
    private readonly DataDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task A_write_without_space_fails_whole_and_later_ones_succeed_when_there_is_space()
    {
        var log = new SqliteSessionLog(_directory.Open(maximumPages: Pages));
        var written = await FillAsync(log);
        Assert.InRange(written, 100, Pages * 4);
        var extent = await log.OpenAsync("c", 1);
        Assert.Equal((written, (int)written), (extent.Next, extent.Count));
        Assert.Equal(written, (await log.ReadAsync("c", 0, int.MaxValue)).Length);
        // All or none: the small one could have been stored.
        await Assert.ThrowsAsync<StoreFullException>(async () => await log.AppendAsync("c", 1, [Samples.Entry(written, "small"), Samples.Entry(written + 1, new string('x', 100_000))]));
        Assert.Equal(extent, await log.OpenAsync("c", 1));
        await log.UpdateAsync("c", 1, Samples.Removed([.. Enumerable.Range(0, 50).Select(static i => (long)i)]));
        await log.AppendAsync("c", 1, [Samples.Entry(written, Text)]);
        Assert.Equal(written + 1, (await log.OpenAsync("c", 1)).Next);
    }

    [Fact]
    public async Task Of_many_writes_without_space_those_that_fit_succeed()
    {
        var log = new SqliteSessionLog(_directory.Open(maximumPages: Pages));
        await FillAsync(log);
        await log.OpenAsync("other", 1);
        var large = Enumerable.Range(0, 20).Select(i => Assert.ThrowsAsync<StoreFullException>(async () => await log.AppendAsync($"large{i}", 1, [Samples.Entry(0, new string('x', 100_000))])));
        var small = log.OpenAsync("other", 2).AsTask();
        await Task.WhenAll([.. large, small]);
        await Assert.ThrowsAsync<Orleans.Storage.InconsistentStateException>(async () => await log.OpenAsync("other", 1));
    }

    [Fact]
    public async Task Space_of_what_is_done_is_used_again()
    {
        var log = new SqliteSessionLog(_directory.Open(maximumPages: Pages));
        for (var position = 0; position < Pages * 20; position += 100)
        {
            await log.AppendAsync("c", 1, [.. Enumerable.Range(position, 100).Select(static i => Samples.Entry(i, Text))]);
            await log.UpdateAsync("c", 1, Samples.Removed([.. Enumerable.Range(position, 100).Select(static i => (long)i)]));
        }
        Assert.Equal(0, (await log.OpenAsync("c", 1)).Count);
    }

    [Fact]
    public async Task A_long_log_is_deleted_in_parts_that_others_do_not_wait_for()
    {
        const int Count = 3000;
        var store = _directory.Open();
        var log = new SqliteSessionLog(store);
        await log.AppendAsync("c", 1, Samples.Entries(0, Count));
        await log.UpdateAsync("c", 1, Samples.Stored(new InboundMessage(1, Samples.Message("in"))));
        using var busy = new ManualResetEventSlim();
        using var go = new ManualResetEventSlim();
        var blocking = store.WriteAsync(_ =>
        {
            busy.Set();
            go.Wait();
        });
        busy.Wait(TestContext.Current.CancellationToken);
        // All in the transaction after it. Deleting the rows begins at the end of that.
        var delete = log.DeleteAsync("c", 1).AsTask();
        var append = log.AppendAsync("c", 2, [Samples.Entry(0, "new", Samples.Identity(1))]).AsTask();
        var left = store.WriteAsync(static context => context.Database.Query("SELECT count(*) FROM entry"));
        go.Set();
        await Task.WhenAll(blocking, delete, append);
        Assert.Equal(Count + 1, await left);
        Assert.Single(await log.ReadAsync("c", 0, 10));
        // What is left to delete is so after a restart too.
        store = _directory.Open();
        log = new SqliteSessionLog(store);
        for (var writes = 0; await CountAsync(store, "entry") + await CountAsync(store, "inbound") + await CountAsync(store, "dropped_log") > 1; writes++)
        {
            Assert.InRange(writes, 0, 20);
            await log.OpenAsync("other", 1);
        }
        Assert.Equal("new", Assert.Single(await log.ReadAsync("c", 0, 10)).Entry.Message.Text());
        Assert.Equal(1, await CountAsync(store, "taken"));
    }

    [Fact]
    public async Task Numbers_before_the_floor_are_forgotten()
    {
        var store = _directory.Open();
        var log = new SqliteSessionLog(store);
        for (var i = 0; i < 100; i++) await log.AppendAsync("c", 1, [Samples.Entry(i, identity: Samples.Identity(i, floor: Math.Max(0, i - 5)))]);
        // But for the highest of them.
        Assert.Equal(7, await CountAsync(store, "taken"));
    }

    private static Task<long> CountAsync(SqliteStore store, string table) => store.ReadAsync(database => database.Query($"SELECT count(*) FROM {table}"));

    private static async Task<long> FillAsync(SqliteSessionLog log)
    {
        for (long position = 0; ; position++)
        {
            try
            {
                await log.AppendAsync("c", 1, [Samples.Entry(position, Text)]);
            }
            catch (StoreFullException)
            {
                return position;
            }
        }
    }
}
