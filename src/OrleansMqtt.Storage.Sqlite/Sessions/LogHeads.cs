using OrleansMqtt.Storage.Sqlite.Engine;

namespace OrleansMqtt.Storage.Sqlite.Sessions;

/// <summary>
/// The heads of the logs that are written, kept by the writer. The file is this process' alone, so what is known here is what is in the
/// file; a head that many writes of one transaction change is written once.
/// </summary>
internal sealed class LogHeads
{
    // About 10 MB. Beyond it all are forgotten and read again: simple, and dear only with more sessions than this in use.
    private const int MaximumKept = 50_000;

    private readonly Dictionary<string, LogHead> _heads = [];
    private readonly List<LogHead> _changed = [];
    private long _lastNumber = -1;

    /// <summary>The head of a log for a writer with <paramref name="epoch"/>; a log that was not there is begun.</summary>
    /// <exception cref="InconsistentStateException">A writer with a later epoch has written. Nothing was changed.</exception>
    public LogHead Open(SqliteDatabase database, string clientId, long epoch)
    {
        var head = Find(database, clientId, epoch) ?? Begin(database, clientId, epoch);
        if (epoch > head.Epoch)
        {
            head.Epoch = epoch;
            Changed(head);
        }
        return head;
    }

    /// <summary>The head of a log that is there, for a writer with <paramref name="epoch"/>.</summary>
    /// <inheritdoc cref="Open" path="/exception"/>
    public LogHead? Find(SqliteDatabase database, string clientId, long epoch)
    {
        if (!_heads.TryGetValue(clientId, out var head))
        {
            var select = database.Statement("SELECT number, epoch, next, count, bytes FROM log WHERE client = ?1").Bind(1, clientId);
            if (!select.Step()) return null;
            head = new LogHead(select.Int64(0)) { Epoch = select.Int64(1), Next = select.Int64(2), Count = (int)select.Int64(3), Bytes = select.Int64(4) };
            select.Reset();
            _heads.Add(clientId, head);
        }
        if (epoch < head.Epoch) throw new InconsistentStateException($"Session log of {clientId}: epoch {epoch} is past, {head.Epoch} writes now.");
        return head;
    }

    /// <summary>To be called when a head has been changed.</summary>
    public void Changed(LogHead head)
    {
        if (head.IsChanged) return;
        head.IsChanged = true;
        _changed.Add(head);
    }

    /// <summary>Drops a log: its rows are deleted by and by, and its client's next log gets another number.</summary>
    public void Drop(SqliteDatabase database, string clientId, LogHead head)
    {
        database.Statement("DELETE FROM log WHERE number = ?1").Bind(1, head.Number).Run();
        database.Statement("INSERT INTO dropped_log (number) VALUES (?1)").Bind(1, head.Number).Run();
        _heads.Remove(clientId);
    }

    /// <summary>Writes the heads that were changed, before the transaction ends.</summary>
    public void Flush(SqliteDatabase database)
    {
        if (_changed.Count > 0)
        {
            // One that was dropped since has no row any longer.
            var update = database.Statement("UPDATE log SET epoch = ?2, next = ?3, count = ?4, bytes = ?5 WHERE number = ?1");
            foreach (var head in _changed)
            {
                update.Bind(1, head.Number).Bind(2, head.Epoch).Bind(3, head.Next).Bind(4, head.Count).Bind(5, head.Bytes).Run();
                head.IsChanged = false;
            }
            _changed.Clear();
        }
        if (_heads.Count > MaximumKept) _heads.Clear();
    }

    /// <summary>The transaction was undone: what is known here may be wrong.</summary>
    public void Forget()
    {
        _heads.Clear();
        _changed.Clear();
    }

    private LogHead Begin(SqliteDatabase database, string clientId, long epoch)
    {
        var head = new LogHead(NextNumber(database)) { Epoch = epoch };
        database.Statement("INSERT INTO log (number, client, epoch, next, count, bytes) VALUES (?1, ?2, ?3, 0, 0, 0)").Bind(1, head.Number).Bind(2, clientId).Bind(3, epoch).Run();
        _heads.Add(clientId, head);
        return head;
    }

    // Numbers go round; one whose log still has rows is skipped.
    private long NextNumber(SqliteDatabase database)
    {
        if (_lastNumber < 0) _lastNumber = database.Query("SELECT max(coalesce((SELECT max(number) FROM log), 0), coalesce((SELECT max(number) FROM dropped_log), 0))");
        for (var tries = 0L; tries <= EntryId.MaximumNumber; tries++)
        {
            _lastNumber = _lastNumber >= EntryId.MaximumNumber ? 0 : _lastNumber + 1;
            var taken = database.Statement("SELECT 1 FROM log WHERE number = ?1 UNION ALL SELECT 1 FROM dropped_log WHERE number = ?1").Bind(1, _lastNumber);
            if (!taken.Step()) return _lastNumber;
            taken.Reset();
        }
        throw new StoreFullException($"The store holds {EntryId.MaximumNumber + 1} session logs, which is all it can.");
    }
}
