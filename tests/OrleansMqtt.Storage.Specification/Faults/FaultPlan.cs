namespace OrleansMqtt.Storage.Specification.Faults;

/// <summary>What becomes of one write.</summary>
public enum Fault
{
    /// <summary>Nothing is wrong.</summary>
    None,

    /// <summary>It fails and nothing is written.</summary>
    BeforeWrite,

    /// <summary>It is written, and its answer is lost.</summary>
    AfterWrite,

    /// <summary>It is written, and the answer comes when <see cref="FaultPlan.Release"/> is called.</summary>
    NoAnswer,
}

/// <summary>What goes wrong: shared by the decorators of one store. Thread-safe.</summary>
public sealed class FaultPlan
{
    private readonly Lock _lock = new();
    private readonly Queue<Fault> _faults = new();
    private TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _held;

    /// <summary>Writes that are done and not answered.</summary>
    public int Held => Volatile.Read(ref _held);

    /// <summary>The fates of the next writes, in their order; those after them go well.</summary>
    public void Next(params Fault[] faults)
    {
        lock (_lock)
            foreach (var fault in faults) _faults.Enqueue(fault);
    }

    /// <summary>Answers all writes that wait.</summary>
    public void Release()
    {
        TaskCompletionSource released;
        lock (_lock) (released, _released) = (_released, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        released.SetResult();
    }

    /// <summary>Does a write as it is fated.</summary>
    /// <exception cref="StoreUnavailableException">The fate is to fail.</exception>
    public async Task<T> WriteAsync<T>(Func<ValueTask<T>> write)
    {
        Fault fault;
        Task released;
        lock (_lock) (fault, released) = (_faults.TryDequeue(out var next) ? next : Fault.None, _released.Task);
        if (fault == Fault.BeforeWrite) throw new StoreUnavailableException("Injected: failed before the write.");
        var result = await write();
        if (fault == Fault.AfterWrite) throw new StoreUnavailableException("Injected: failed after the write.");
        if (fault == Fault.NoAnswer)
        {
            Interlocked.Increment(ref _held);
            await released;
            Interlocked.Decrement(ref _held);
        }
        return result;
    }

    /// <inheritdoc cref="WriteAsync{T}"/>
    public Task WriteAsync(Func<ValueTask> write) => WriteAsync(async () =>
    {
        await write();
        return true;
    });
}
