namespace OrleansMqtt.Storage.Sqlite.Engine;

/// <summary>
/// The one writer. What arrives while a transaction is committed gathers and shares the next one; a lone write goes at once; no timer.
/// </summary>
/// <remarks>
/// A transaction that fails is undone and its writes are tried one by one, each in its own: so none fails for another's sake.
/// </remarks>
internal sealed class WriteQueue : IDisposable
{
    // Bounds of a transaction: how long a write waits for its neighbours, and how much memory an undone one costs.
    private const int MaximumWrites = 4096;
    private const long MaximumBytes = 8 << 20;

    private readonly Lock _lock = new();
    private readonly Queue<Write> _waiting = new();
    private readonly AutoResetEvent _arrived = new(false);
    private readonly List<Write> _batch = [];
    private readonly WriteContext _context;
    private readonly WriterChores _chores;
    private readonly SqliteErrors _errors;
    private readonly Action<SqliteFailure> _damaged;
    private readonly SqliteStatus _status;
    private readonly Thread _thread;
    private bool _closing;
    private long _commits;

    /// <summary>Starts the writer.</summary>
    /// <param name="context">The writing connection; the caller closes it, after this.</param>
    /// <param name="chores">What the writer does besides.</param>
    /// <param name="errors">How failures are answered.</param>
    /// <param name="damaged">Is told when SQLite finds the file damaged.</param>
    /// <param name="status">Is told whether writes succeed.</param>
    public WriteQueue(WriteContext context, WriterChores chores, SqliteErrors errors, Action<SqliteFailure> damaged, SqliteStatus status)
    {
        (_context, _chores, _errors, _damaged, _status) = (context, chores, errors, damaged, status);
        _thread = new Thread(Run) { IsBackground = true, Name = "SQLite writer" };
        _thread.Start();
    }

    /// <summary>Transactions committed with writes in them.</summary>
    public long Commits => Interlocked.Read(ref _commits);

    /// <summary>Adds a write; its task is completed when it is committed.</summary>
    /// <param name="apply">The change, as <see cref="Write"/> says.</param>
    /// <param name="bytes">Bytes that it writes, about.</param>
    /// <exception cref="ObjectDisposedException">The store is closed.</exception>
    public Task<T> AddAsync<T>(Func<WriteContext, T> apply, long bytes = 0)
    {
        var write = new Write<T>(apply) { Bytes = bytes };
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_closing, this);
            _waiting.Enqueue(write);
            // The writer looks at the queue before it waits: only the first one has to wake it.
            if (_waiting.Count == 1) _arrived.Set();
        }
        return write.Task;
    }

    /// <summary>Ends the writer when what was added is written.</summary>
    public void Dispose()
    {
        lock (_lock) _closing = true;
        _arrived.Set();
        if (_thread != Thread.CurrentThread) _thread.Join();
        _arrived.Dispose();
    }

    private void Run()
    {
        while (true)
        {
            if (TakeBatch(out var closing))
            {
                Commit();
                _batch.Clear();
            }
            else if (closing) return;
            else if (_chores.ArePending) DoChores();
            else _arrived.WaitOne();
        }
    }

    private bool TakeBatch(out bool closing)
    {
        lock (_lock)
        {
            closing = _closing;
            for (long bytes = 0; _batch.Count < MaximumWrites && bytes < MaximumBytes && _waiting.TryDequeue(out var write); bytes += write.Bytes) _batch.Add(write);
            return _batch.Count > 0;
        }
    }

    private void Commit()
    {
        try
        {
            Transact(() =>
            {
                foreach (var write in _batch) Apply(write);
                if (_chores.ArePending) _chores.DoPart(_context.Database);
            });
        }
#pragma warning disable CA1031 // Whatever one of them throws, the writer lives on and each write is answered.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            _chores.Pause();
            if (_batch.Count > 1) CommitEach();
            else _batch[0].Fail(Answer(exception));
            return;
        }
        Finish(_batch);
    }

    private void CommitEach()
    {
        foreach (var write in _batch)
        {
            try
            {
                Transact(() => Apply(write));
            }
#pragma warning disable CA1031 // As above.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                write.Fail(Answer(exception));
                continue;
            }
            Finish([write]);
        }
    }

    private void Apply(Write write)
    {
        write.Refusal = null;
        try
        {
            write.Apply(_context);
        }
        catch (InconsistentStateException refusal)
        {
            write.Refusal = refusal;
        }
    }

    private void Finish(List<Write> written)
    {
        Interlocked.Increment(ref _commits);
        _status.Works();
        foreach (var write in written) write.Complete();
        _chores.AfterCommit(_context.Database);
    }

    private void DoChores()
    {
        try
        {
            Transact(() => _chores.DoPart(_context.Database));
        }
        catch (SqliteFailure failure)
        {
            _ = Answer(failure);
            _chores.Pause();
        }
    }

    private void Transact(Action change)
    {
        var database = _context.Database;
        try
        {
            database.Statement("BEGIN IMMEDIATE").Run();
            change();
            _context.Heads.Flush(database);
            database.Statement("COMMIT").Run();
        }
        catch
        {
            _context.Heads.Forget();
            // SQLite itself undoes some failed transactions.
            if (database.InTransaction) database.Statement("ROLLBACK").Run();
            throw;
        }
    }

    private Exception Answer(Exception exception)
    {
        if (exception is not SqliteFailure failure) return exception;
        if (failure.IsDamage) _damaged(failure);
        var answer = _errors.Of(failure);
        _status.Fails(answer);
        return answer;
    }
}
