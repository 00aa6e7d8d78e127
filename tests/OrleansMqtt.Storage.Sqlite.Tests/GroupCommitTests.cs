using OrleansMqtt.Storage.Specification;
using OrleansMqtt.Storage.Sqlite.Sessions;
using OrleansMqtt.Storage.Sqlite.Tests.Support;

namespace OrleansMqtt.Storage.Sqlite.Tests;

public sealed class GroupCommitTests : IDisposable
{
    private readonly DataDirectory _directory = new();
    private readonly SqliteStore _store;
    private readonly SqliteSessionLog _log;

    public GroupCommitTests()
    {
        _store = _directory.Open();
        _log = new SqliteSessionLog(_store);
    }

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task What_arrives_while_one_commits_shares_the_next_transaction()
    {
        var before = _store.Commits;
        var writes = await WhileTheWriterIsBusyAsync(() => [.. Enumerable.Range(0, 200).Select(i => _log.AppendAsync($"c{i % 50}", 1, [Samples.Entry(i / 50)]).AsTask())]);
        await Task.WhenAll(writes);
        Assert.Equal(before + 2, _store.Commits);
    }

    [Fact]
    public async Task A_transaction_has_a_bound()
    {
        var before = _store.Commits;
        var writes = await WhileTheWriterIsBusyAsync(() => [.. Enumerable.Range(0, 10_000).Select(i => _log.AppendAsync($"c{i % 10}", 1, [Samples.Entry(i / 10)]).AsTask())]);
        await Task.WhenAll(writes);
        Assert.Equal(before + 1 + 3, _store.Commits);
    }

    [Fact]
    public async Task A_lone_write_is_committed_at_once()
    {
        var before = _store.Commits;
        for (var i = 0; i < 10; i++) await _log.AppendAsync("c", 1, [Samples.Entry(i)]);
        Assert.Equal(before + 10, _store.Commits);
    }

    [Fact]
    public async Task A_write_that_fails_fails_alone()
    {
        await _log.OpenAsync("stale", 2);
        var writes = await WhileTheWriterIsBusyAsync(() =>
        [
            _log.AppendAsync("a", 1, [Samples.Entry(0)]).AsTask(),
            _log.AppendAsync("stale", 1, [Samples.Entry(0)]).AsTask(),
            _log.AppendAsync("b", 1, [Samples.Entry(0)]).AsTask(),
            // Not one that looks first, as writes should: it has changed something when it fails.
            _store.WriteAsync(static database =>
            {
                database.Statement("DELETE FROM entry").Run();
                throw new NotSupportedException();
            }),
            _log.AppendAsync("a", 1, [Samples.Entry(1)]).AsTask(),
        ]);
        await writes[0];
        await Assert.ThrowsAsync<Orleans.Storage.InconsistentStateException>(() => writes[1]);
        await writes[2];
        await Assert.ThrowsAsync<NotSupportedException>(() => writes[3]);
        await writes[4];
        Assert.Equal(2, (await _log.ReadAsync("a", 0, 10)).Length);
        Assert.Single(await _log.ReadAsync("b", 0, 10));
        Assert.Empty(await _log.ReadAsync("stale", 0, 10));
        Assert.Equal((2, 2), ((await _log.OpenAsync("a", 1)).Next, (await _log.OpenAsync("a", 1)).Count));
    }

    [Fact]
    public async Task Whoever_waits_goes_on_elsewhere_than_on_the_writer()
    {
        var append = Task.FromResult("");
        await WhileTheWriterIsBusyAsync(() =>
        {
            append = _log.AppendAsync("c", 1, [Samples.Entry(0)]).AsTask()
                .ContinueWith(static _ => Thread.CurrentThread.Name ?? "", CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            return [];
        });
        Assert.NotEqual("SQLite writer", await append);
    }

    [Fact]
    public async Task Reads_do_not_wait_for_the_writer()
    {
        await _log.AppendAsync("c", 1, [Samples.Entry(0)]);
        using var busy = new ManualResetEventSlim();
        using var go = new ManualResetEventSlim();
        var writing = _store.WriteAsync(database =>
        {
            database.Statement("DELETE FROM entry").Run();
            busy.Set();
            go.Wait();
        });
        busy.Wait(TestContext.Current.CancellationToken);
        Assert.Single(await _log.ReadAsync("c", 0, 10));
        go.Set();
        await writing;
        Assert.Empty(await _log.ReadAsync("c", 0, 10));
    }

    [Fact]
    public async Task What_was_added_before_closing_is_written()
    {
        var writes = await WhileTheWriterIsBusyAsync(() => [.. Enumerable.Range(0, 100).Select(i => _log.AppendAsync("c", 1, [Samples.Entry(i)]).AsTask())]);
        _directory.Close();
        await Task.WhenAll(writes);
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await _log.AppendAsync("c", 1, [Samples.Entry(100)]));
        Assert.Equal(100, (await new SqliteSessionLog(_directory.Open()).OpenAsync("c", 1)).Count);
    }

    // Adds writes while the writer is within a transaction, which it ends when they are there.
    private async Task<Task[]> WhileTheWriterIsBusyAsync(Func<Task[]> add)
    {
        using var busy = new ManualResetEventSlim();
        using var go = new ManualResetEventSlim();
        var blocking = _store.WriteAsync(_ =>
        {
            busy.Set();
            go.Wait();
        });
        busy.Wait(TestContext.Current.CancellationToken);
        var added = add();
        go.Set();
        await blocking;
        return added;
    }
}
