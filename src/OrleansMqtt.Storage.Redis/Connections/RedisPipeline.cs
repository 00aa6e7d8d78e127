using StackExchange.Redis;

namespace OrleansMqtt.Storage.Redis.Connections;

/// <summary>
/// Group commit: what is written while a batch is under way gathers and goes as the next one. A lone write goes at once; no timer.
/// A batch whose connection is lost is repeated before anything later is sent, so that the writes of one pipeline keep their order.
/// </summary>
internal sealed class RedisPipeline(RedisConnector connector, RedisStoreOptions options, RedisStatus status, TimeProvider time)
{
    // Keeps the answer of the first of a batch from waiting for too many others.
    private const int LargestBatch = 512, LargestBatchBytes = 4 << 20;
    private readonly Lock _lock = new();
    private readonly Queue<RedisWrite> _waiting = [];
    private bool _running;
    private long _batches;

    /// <summary>Batches sent so far, repeats included.</summary>
    public long Batches => Interlocked.Read(ref _batches);

    /// <summary>Writes that are kept to be sent, those of the batch under way left out.</summary>
    public int Waiting
    {
        get { lock (_lock) return _waiting.Count; }
    }

    public void Add(RedisWrite write)
    {
        lock (_lock)
        {
            // Whose callers have been told that it took too long are not kept through a long outage. The oldest come first.
            while (_waiting.TryPeek(out var oldest) && oldest.Task.IsCompleted) _waiting.Dequeue();
            _waiting.Enqueue(write);
            if (_running) return;
            _running = true;
        }
        _ = RunAsync();
    }

    private async Task RunAsync()
    {
        // Away from the stack, and the scheduler, of whoever adds the first write.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        var batch = new List<RedisWrite>();
        while (Take(batch))
        {
            try
            {
                var link = await connector.GetAsync().ConfigureAwait(false);
                // Whoever waited too long has been told so.
                batch.RemoveAll(static write => write.Task.IsCompleted);
                if (batch.Count > 0) await SendAsync(link, batch).ConfigureAwait(false);
            }
#pragma warning disable CA1031 // Whatever it is, it is what these writes failed with; those that come later are not to suffer.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                var failure = exception is OperationCanceledException ? new StoreUnavailableException("The store is closed.", exception) : exception;
                foreach (var write in batch) write.TrySetException(failure);
                batch.Clear();
            }
        }
    }

    // Fills up what is left of the batch before.
    private bool Take(List<RedisWrite> batch)
    {
        lock (_lock)
        {
            var bytes = batch.Sum(static write => (long)write.Size);
            while (batch.Count < LargestBatch && bytes < LargestBatchBytes && _waiting.TryDequeue(out var write))
            {
                batch.Add(write);
                bytes += write.Size;
            }
            return _running = batch.Count > 0;
        }
    }

    /// <summary>Sends a batch; what is to be repeated remains in it.</summary>
    private async Task SendAsync(RedisLink link, List<RedisWrite> batch)
    {
        Interlocked.Increment(ref _batches);
        var commands = link.Database.CreateBatch();
        var barrier = RedisBarrier.Begin(options, link, commands);
        var answers = batch.ConvertAll(write => write.SendAsync(commands));
        barrier?.End();
        var all = Task.WhenAll([.. answers, .. barrier?.Answers ?? []]);
        try
        {
            commands.Execute();
            await all.WaitAsync(options.AnswerTimeout, time).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // What each command failed with is looked at below; here it is only known that they have ended, or that time is up.
        catch (Exception)
#pragma warning restore CA1031
        {
        }
        var (hindrance, refusal) = Settle(batch, answers, barrier);
        status.Refusal = refusal;
        await connector.RecoverAsync(link, hindrance, refusal).ConfigureAwait(false);
    }

    /// <summary>Completes what is decided, keeps the rest in <paramref name="batch"/> and says what hinders it, and why something was refused.</summary>
    private static (RedisFailure Hindrance, string? Refusal) Settle(List<RedisWrite> batch, List<Task<RedisResult>> answers, RedisBarrier? barrier)
    {
        var (hindrance, refusal) = (RedisFailure.Final, (string?)null);
        var left = new List<RedisWrite>();
        var barrierOutcome = barrier?.Outcome ?? BarrierOutcome.Reached;
        for (var i = 0; i < batch.Count; i++)
        {
            var (write, failure) = (batch[i], RedisFailure.Connection);
            if (answers[i].IsCompletedSuccessfully)
            {
                // Without knowing whether the barrier was this write's own it counts as unanswered.
                if (barrierOutcome == BarrierOutcome.Reached) write.TrySetResult(answers[i].Result);
                else if (barrierOutcome == BarrierOutcome.Missed) write.TrySetException(new StoreUnavailableException(refusal = barrier!.Description));
                if (barrierOutcome != BarrierOutcome.Unknown) continue;
            }
            else if (answers[i].Exception?.InnerException is { } exception)
            {
                failure = RedisFailures.Classify(exception);
                if (failure is RedisFailure.Full or RedisFailure.Later) refusal = $"Redis says: {exception.Message}";
                if (failure == RedisFailure.Full) write.TrySetException(new StoreFullException($"Redis has no space left: {exception.Message}", exception));
                else if (failure == RedisFailure.Final) write.TrySetException(exception);
                if (failure is RedisFailure.Full or RedisFailure.Final) continue;
            }
            write.Repeated |= failure == RedisFailure.Connection;
            left.Add(write);
            if (hindrance == RedisFailure.Final || failure == RedisFailure.Connection) hindrance = failure;
        }
        batch.Clear();
        batch.AddRange(left);
        return (hindrance, refusal);
    }
}
