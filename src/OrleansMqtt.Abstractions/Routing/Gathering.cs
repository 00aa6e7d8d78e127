namespace OrleansMqtt.Routing;

/// <summary>
/// Sends items in batches with one call in flight: what arrives during a call gathers and goes as the next one. A lone item goes at
/// once; no timer. Items arrive in their order because there is never a second call to overtake the first.
/// </summary>
/// <param name="send">The call.</param>
/// <param name="retire">Called when nothing is left to send; the gathering then takes no more items. Null: it lives on.</param>
internal sealed class Gathering<T>(Func<List<T>, Task> send, Action<Gathering<T>>? retire = null)
{
    private readonly Lock _lock = new();
    private List<(T Item, Action<Exception?>? Done)> _waiting = [];
    private bool _running;
    private bool _retired;
    private TaskCompletionSource? _idle;

    /// <summary>
    /// Adds an item; <paramref name="done"/> is called when the call that carried it has returned or failed. False, and nothing added, when retired.
    /// </summary>
    public bool TryAdd(T item, Action<Exception?>? done)
    {
        lock (_lock)
        {
            if (_retired) return false;
            _waiting.Add((item, done));
            if (_running) return true;
            _running = true;
        }
        _ = RunAsync();
        return true;
    }

    /// <summary>Completes when every item added so far has been sent, or its call has failed.</summary>
    public Task WhenIdleAsync()
    {
        lock (_lock) return _running ? (_idle ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task : Task.CompletedTask;
    }

    private async Task RunAsync()
    {
        var batch = new List<(T Item, Action<Exception?>? Done)>();
        while (TryTake(ref batch))
        {
            Exception? failure = null;
            try
            {
                await send(batch.ConvertAll(static e => e.Item));
            }
#pragma warning disable CA1031 // Whatever the call failed with is what each of its items failed with.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                failure = exception;
            }
            foreach (var (_, done) in batch) done?.Invoke(failure);
            batch.Clear();
        }
        if (retire is not null) retire(this);
    }

    private bool TryTake(ref List<(T Item, Action<Exception?>? Done)> batch)
    {
        lock (_lock)
        {
            if (_waiting.Count > 0)
            {
                (batch, _waiting) = (_waiting, batch);
                return true;
            }
            _running = false;
            _idle?.SetResult();
            _idle = null;
            _retired = retire is not null;
            return false;
        }
    }
}
