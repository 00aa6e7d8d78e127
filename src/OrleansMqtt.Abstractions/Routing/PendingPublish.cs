using OrleansMqtt.Handlers;

namespace OrleansMqtt.Routing;

/// <summary>
/// Counts the receivers that have not taken a publish yet (logs of persistent sessions, the retained store, handlers).
/// The publisher's acknowledgement waits for it. Thread-safe.
/// </summary>
public sealed class PendingPublish : IRouteWaiter
{
    private static readonly Action<object?> Done = static _ => { };
    private int _open = 1;
    private Action<object?>? _continuation;
    private object? _state;
    private Exception? _failure;
    private int _receivers;

    /// <summary>Receivers that were found on the way, in other processes: final when all are done. Those of <see cref="RouteResult.Receivers"/> are not among them.</summary>
    public int Receivers => Volatile.Read(ref _receivers);

    /// <summary>The first failure of a receiver, one that is not a handler's before one that is; null while there is none. A failed publish must not be acknowledged as success.</summary>
    public Exception? Failure => Volatile.Read(ref _failure);

    /// <summary>One receiver more to wait for.</summary>
    public void Add() => Interlocked.Increment(ref _open);

    /// <summary>One receiver has it, or has failed to take it.</summary>
    public void Complete(Exception? failure = null)
    {
        // What has failed in a handler is kept as a dead letter: whatever else has failed counts for more.
        if (failure is not null && Interlocked.CompareExchange(ref _failure, failure, null) is HandlerFailedException && failure is not HandlerFailedException) Volatile.Write(ref _failure, failure);
        if (Interlocked.Decrement(ref _open) == 0)
            Interlocked.Exchange(ref _continuation, Done)?.Invoke(_state);
    }

    /// <summary>One that was asked in another process has answered how many receivers it has found.</summary>
    public void CompleteFound(int receivers)
    {
        if (receivers > 0) Interlocked.Add(ref _receivers, receivers);
        Complete();
    }

    void IRouteWaiter.OnFound(int index, int receivers) => CompleteFound(receivers);

    /// <summary>Completes, without failing, once all receivers are done; look at <see cref="Failure"/> then.</summary>
    public Task WaitAsync()
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        OnCompleted(static state => ((TaskCompletionSource)state!).SetResult(), done);
        return done.Task;
    }

    /// <summary>Calls <paramref name="continuation"/> once all receivers are done: at once on this thread, or later on the last receiver's.</summary>
    public void OnCompleted(Action<object?> continuation, object? state)
    {
        _state = state;
        if (Interlocked.CompareExchange(ref _continuation, continuation, null) == Done) continuation(state);
    }
}
