using Microsoft.Extensions.Logging;

namespace OrleansMqtt.Routing;

/// <summary>
/// Sends items in batches with one call in flight: what arrives during a call gathers and goes as the next one. A lone item goes at
/// once; no timer. Items arrive in their order because there is never a second call to overtake the first.
/// </summary>
/// <remarks>
/// The call is made on the stack of whoever adds the first item; what is to be done when it has returned never runs there, even if it
/// returns at once: that takes locks which the adding thread may hold in another order.
/// </remarks>
/// <param name="send">The call.</param>
/// <param name="logger">Is told when a callback throws. That is a defect of whoever added the item; the other items are not to suffer.</param>
/// <param name="retire">Called when nothing is left to send; the gathering then takes no more items. Null: it lives on.</param>
/// <param name="together">Runs the callbacks of one call, so that what they write can leave together. Null: they are just called.</param>
/// <param name="queues">
/// Whether each call waits for its turn in the thread pool's common queue, and takes what has gathered by then. While the pool is idle that is a few microseconds;
/// under load it makes few large calls of many small ones. For what is worth less in a hurry than in bulk.
/// </param>
internal sealed class Gathering<T>(
    Func<List<T>, Task> send, ILogger logger, Action<Gathering<T>>? retire = null, Action<Action>? together = null, bool queues = false) : IThreadPoolWorkItem
{
    // What may lie about between bursts.
    private const int KeptCapacity = 256;
    private readonly Lock _lock = new();
    private List<Entry> _waiting = [];
    private List<Entry>? _spare;
    private bool _running;
    private bool _retired;

    private readonly record struct Entry(T Item, Action<Exception?>? Done, bool IsBarrier);

    /// <summary>
    /// Adds an item; <paramref name="done"/> is called, on another stack, when the call that carried it has returned or failed. False, and nothing added, when retired.
    /// </summary>
    public bool TryAdd(T item, Action<Exception?>? done)
    {
        lock (_lock)
        {
            if (_retired) return false;
            _waiting.Add(new Entry(item, done, false));
            if (_running) return true;
            _running = true;
        }
        Start();
        return true;
    }

    void IThreadPoolWorkItem.Execute() => _ = RunAsync();

    private void Start()
    {
        if (queues) ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        else _ = RunAsync();
    }

    /// <summary>Completed when the calls for everything added so far have returned or failed; at once when there is nothing.</summary>
    public Task BarrierAsync()
    {
        lock (_lock) return _running ? AddBarrier() : Task.CompletedTask;
    }

    private Task AddBarrier()
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _waiting.Add(new Entry(default!, _ => done.SetResult(), true));
        return done.Task;
    }

    private async Task RunAsync()
    {
        var batch = Interlocked.Exchange(ref _spare, null) ?? [];
        while (TryTake(ref batch))
        {
            var call = Send(batch);
            // Away from the caller's stack, and from its scheduler: what others have added does not wait for the turn of one grain.
            await call.ConfigureAwait(ConfigureAwaitOptions.ForceYielding | ConfigureAwaitOptions.SuppressThrowing);
            var failure = call.IsCanceled ? new TaskCanceledException(call) : call.Exception?.InnerException;
            if (together is null) CompleteAll(batch, failure);
            else CompleteTogether(together, batch, failure);
            batch.Clear();
            if (queues && Requeue(batch)) return;
        }
        if (batch.Capacity <= KeptCapacity) Volatile.Write(ref _spare, batch);
        if (retire is not null) retire(this);
    }

    private Task Send(List<Entry> batch)
    {
        var items = new List<T>(batch.Count);
        foreach (var entry in batch)
            if (!entry.IsBarrier) items.Add(entry.Item);
        if (items.Count == 0) return Task.CompletedTask;
        try
        {
            return send(items);
        }
#pragma warning disable CA1031 // Whatever the call failed with is what each of its items failed with.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            return Task.FromException(exception);
        }
    }

    // Keeps the list for the next call.
    private bool Requeue(List<Entry> spare)
    {
        lock (_lock)
        {
            if (_waiting.Count == 0) return false;
            _spare = spare;
        }
        Start();
        return true;
    }

    // Apart, so that only those who want it pay for the closure.
    private void CompleteTogether(Action<Action> run, List<Entry> batch, Exception? failure) => run(() => CompleteAll(batch, failure));

    private void CompleteAll(List<Entry> batch, Exception? failure)
    {
        foreach (var entry in batch) Complete(entry, failure);
    }

    private void Complete(Entry entry, Exception? failure)
    {
        try
        {
            entry.Done?.Invoke(failure);
        }
#pragma warning disable CA1031 // See the logger parameter.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            GatheringLog.LogCallbackFailed(logger, exception, typeof(T).Name);
        }
    }

    private bool TryTake(ref List<Entry> batch)
    {
        lock (_lock)
        {
            if (_waiting.Count > 0)
            {
                (batch, _waiting) = (_waiting, batch);
                return true;
            }
            _running = false;
            _retired = retire is not null;
            return false;
        }
    }
}
