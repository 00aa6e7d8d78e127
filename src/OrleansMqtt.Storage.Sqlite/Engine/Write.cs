namespace OrleansMqtt.Storage.Sqlite.Engine;

/// <summary>
/// A change that succeeds or fails alone, though it shares a transaction. It looks first whether it may (epoch, ETag) and answers
/// <see cref="InconsistentStateException"/> before it changes anything; then it changes. It may be run again when the transaction failed.
/// </summary>
internal abstract class Write
{
    /// <summary>Bytes that it writes, about.</summary>
    public required long Bytes { get; init; }

    /// <summary>Why it was refused; null when it was not.</summary>
    public Exception? Refusal { get; set; }

    public abstract void Apply(WriteContext context);

    /// <summary>It is committed, or refused.</summary>
    public abstract void Complete();

    public abstract void Fail(Exception exception);
}

/// <summary>A <see cref="Write"/> with a result.</summary>
internal sealed class Write<T>(Func<WriteContext, T> apply) : Write
{
    // Continuations run elsewhere: the writer thread belongs to all sessions.
    private readonly TaskCompletionSource<T> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private T _result = default!;

    public Task<T> Task => _done.Task;

    public override void Apply(WriteContext context) => _result = apply(context);

    public override void Complete()
    {
        if (Refusal is null) _done.SetResult(_result);
        else _done.SetException(Refusal);
    }

    public override void Fail(Exception exception) => _done.SetException(exception);
}

/// <summary>What a <see cref="Write"/> works with.</summary>
/// <param name="Database">The writing connection, in a transaction.</param>
/// <param name="Heads">The heads of session logs.</param>
internal sealed record WriteContext(SqliteDatabase Database, Sessions.LogHeads Heads);
