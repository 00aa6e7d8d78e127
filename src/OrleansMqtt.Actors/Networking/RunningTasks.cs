namespace OrleansMqtt.Actors.Networking;

/// <summary>Counts what runs on its own, so that its end can be awaited.</summary>
internal sealed class RunningTasks
{
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // One is the owner's.
    private int _count = 1;

    /// <summary>Starts something; nothing of the caller's context flows into it.</summary>
    /// <returns>False if <see cref="EndAsync"/> was called and nothing runs any more; then it is not started.</returns>
    public bool TryStart(Func<Task> start)
    {
        for (var count = Volatile.Read(ref _count); ;)
        {
            if (count == 0)
            {
                return false;
            }

            var before = Interlocked.CompareExchange(ref _count, count + 1, count);
            if (before == count)
            {
                break;
            }

            count = before;
        }

        using (ExecutionContext.IsFlowSuppressed() ? default : ExecutionContext.SuppressFlow())
        {
            _ = RunAsync(start);
        }

        return true;
    }

    /// <summary>Waits until everything has ended. To be called once.</summary>
    public Task EndAsync()
    {
        Release();
        return _ended.Task;
    }

    private async Task RunAsync(Func<Task> start)
    {
        try
        {
            await start().ConfigureAwait(false);
        }
        finally
        {
            Release();
        }
    }

    private void Release()
    {
        if (Interlocked.Decrement(ref _count) == 0)
        {
            _ended.TrySetResult();
        }
    }
}
