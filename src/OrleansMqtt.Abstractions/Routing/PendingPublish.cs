using OrleansMqtt.Handlers;
using OrleansMqtt.Storage;

namespace OrleansMqtt.Routing;

/// <summary>
/// Counts the receivers that have not taken a publish yet (logs of persistent sessions, the retained store, handlers, filters).
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

    /// <summary>The failure that counts for most, the first of those: that of a receiver, then that of a handler, then a <see cref="RetainedFullException"/>; null while there is none. A failed publish must not be acknowledged as success.</summary>
    public Exception? Failure => Volatile.Read(ref _failure);

    /// <summary>One receiver more to wait for.</summary>
    public void Add() => Interlocked.Increment(ref _open);

    /// <summary>One receiver has it, or has failed to take it.</summary>
    public void Complete(Exception? failure = null)
    {
        if (failure is not null) Note(failure);
        if (Interlocked.Decrement(ref _open) == 0)
            Interlocked.Exchange(ref _continuation, Done)?.Invoke(_state);
    }

    /// <summary>One that was asked in another process has answered how many receivers it has found.</summary>
    public void CompleteFound(int receivers)
    {
        if (receivers > 0) Interlocked.Add(ref _receivers, receivers);
        Complete();
    }

    private void Note(Exception failure)
    {
        var known = Volatile.Read(ref _failure);
        while (known is null || Weight(known) < Weight(failure))
        {
            var found = Interlocked.CompareExchange(ref _failure, failure, known);
            if (found == known) return;
            known = found;
        }
    }

    // That it was not retained says less than that a handler has failed with it, of which there is a dead letter, and that less than that a receiver did not get it.
    private static int Weight(Exception failure) => failure switch { RetainedFullException => 1, HandlerFailedException => 2, _ => 3 };

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
