namespace OrleansMqtt.Routing;

/// <summary>Changes of routes that are waited for together, such as those of one SUBSCRIBE.</summary>
internal sealed class RouteBatch
{
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _open = 1;
    private Exception? _failure;

    public RouteBatch() => Completed = Complete;

    /// <summary>Completed when all of them are in force in every silo, or fails with the first that could not be.</summary>
    public Task Task => _done.Task;

    /// <summary>To be called when one has been carried out or has failed.</summary>
    public Action<Exception?> Completed { get; }

    /// <summary>One change more to wait for.</summary>
    public void Begin() => Interlocked.Increment(ref _open);

    /// <summary>Waits for a change that somebody else has made.</summary>
    public void Await(Task other)
    {
        if (other.IsCompletedSuccessfully) return;
        Begin();
        other.ContinueWith(
            static (done, batch) => ((RouteBatch)batch!).Complete(done.Exception?.InnerException), this, default, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    /// <summary>No further change comes.</summary>
    public Task Seal()
    {
        Complete(null);
        return Task;
    }

    private void Complete(Exception? failure)
    {
        if (failure is not null) Interlocked.CompareExchange(ref _failure, failure, null);
        if (Interlocked.Decrement(ref _open) > 0) return;
        if (_failure is null) _done.SetResult();
        else _done.SetException(_failure);
    }
}
