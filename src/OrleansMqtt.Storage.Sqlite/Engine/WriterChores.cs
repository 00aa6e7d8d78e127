namespace OrleansMqtt.Storage.Sqlite.Engine;

/// <summary>
/// What the writer does between writes: it deletes the rows of dropped logs, a part at a time so that nobody waits for 100,000 of them,
/// and keeps the log of changes from growing.
/// </summary>
/// <param name="walPath">SQLite's log of changes.</param>
internal sealed class WriterChores(string walPath)
{
    /// <summary>Rows deleted at a time: a few milliseconds.</summary>
    private const int Part = 500;

    // SQLite copies the log of changes into the file every 16 MB (Schema) and then begins it anew, unless a reader still uses it. With
    // readers at all times that moment never comes, so beyond this size the writer waits for them.
    private const long LargeWal = 96L << 20;

    private readonly FileInfo _wal = new(walPath);
    private bool _dropped = true;
    private bool _paused;
    private long _tryRestartAt = LargeWal;

    public bool ArePending => _dropped && !_paused;

    /// <summary>There is a log to delete.</summary>
    public void Add() => _dropped = true;

    /// <summary>Something failed, perhaps for want of space: no more until a write has succeeded.</summary>
    public void Pause() => _paused = true;

    /// <summary>Deletes some rows of a dropped log, in the current transaction.</summary>
    public void DoPart(SqliteDatabase database)
    {
        var next = database.Statement("SELECT number FROM dropped_log LIMIT 1");
        if (!next.Step())
        {
            _dropped = false;
            return;
        }
        var number = next.Int64(0);
        next.Reset();
        var entries = database.Statement("DELETE FROM entry WHERE id IN (SELECT id FROM entry WHERE id BETWEEN ?1 AND ?2 LIMIT ?3)")
            .Bind(1, Sessions.EntryId.First(number)).Bind(2, Sessions.EntryId.Last(number)).Bind(3, Part).RunCount();
        if (entries == Part) return;
        if (database.Statement("DELETE FROM inbound WHERE id IN (SELECT id FROM inbound WHERE log = ?1 LIMIT ?2)").Bind(1, number).Bind(2, Part).RunCount() == Part) return;
        var taken = database.Statement("DELETE FROM taken WHERE (log, source, epoch, count) IN (SELECT log, source, epoch, count FROM taken WHERE log = ?1 LIMIT ?2)");
        if (taken.Bind(1, number).Bind(2, Part).RunCount() == Part) return;
        database.Statement("DELETE FROM dropped_log WHERE number = ?1").Bind(1, number).Run();
    }

    public void AfterCommit(SqliteDatabase database)
    {
        _paused = false;
        _wal.Refresh();
        var size = _wal.Exists ? _wal.Length : 0;
        if (size <= LargeWal) _tryRestartAt = LargeWal;
        // Readers that hold on even now are let go on for as much again.
        else if (size >= _tryRestartAt && !database.TryRestartLog()) _tryRestartAt = size + LargeWal;
    }
}
