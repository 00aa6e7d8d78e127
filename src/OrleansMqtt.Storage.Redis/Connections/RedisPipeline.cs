using OrleansMqtt.Storage.Redis.Hosting;
using StackExchange.Redis;

namespace OrleansMqtt.Storage.Redis.Connections;

/// <summary>
/// Group commit: what is written while a batch is under way gathers and goes as the next one. A lone write goes at once; no timer.
/// A batch whose connection is lost is repeated before anything later is sent, so that the writes of one pipeline keep their order.
/// </summary>
internal sealed class RedisPipeline(RedisConnector connector, RedisStoreOptions options, TimeProvider time)
{
    // Keeps the answer of the first of a batch from waiting for too many others.
    private const int LargestBatch = 512, LargestBatchBytes = 4 << 20;
    private static readonly TimeSpan LaterPause = TimeSpan.FromMilliseconds(50);
    private readonly Lock _lock = new();
    private readonly Queue<RedisWrite> _waiting = [];
    private bool _running;
    private long _batches;

    /// <summary>Batches sent so far, repeats included.</summary>
    public long Batches => Interlocked.Read(ref _batches);

    public void Add(RedisWrite write)
    {
        lock (_lock)
        {
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
            RedisLink link;
            try
            {
                link = await connector.GetAsync().ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                foreach (var write in batch) write.TrySetException(new StoreUnavailableException("The store is closed."));
                batch.Clear();
                continue;
            }
            // Whoever waited too long has been told so.
            batch.RemoveAll(static write => write.Task.IsCompleted);
            if (batch.Count > 0) await SendAsync(link, batch).ConfigureAwait(false);
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
        var worst = Settle(batch, answers, barrier);
        switch (worst)
        {
            case RedisFailure.Connection: connector.Lose(link); break;
            case RedisFailure.Script: await ReloadAsync(link).ConfigureAwait(false); break;
            case RedisFailure.Later: await Task.Delay(LaterPause, time).ConfigureAwait(false); break;
            default: break;
        }
    }

    /// <summary>Completes what is decided, keeps the rest in <paramref name="batch"/> and says what hinders it.</summary>
    private static RedisFailure Settle(List<RedisWrite> batch, List<Task<RedisResult>> answers, RedisBarrier? barrier)
    {
        var worst = RedisFailure.Final;
        var left = new List<RedisWrite>();
        var barrierOutcome = barrier?.Outcome ?? BarrierOutcome.Reached;
        for (var i = 0; i < batch.Count; i++)
        {
            var (write, failure) = (batch[i], RedisFailure.Connection);
            if (answers[i].IsCompletedSuccessfully)
            {
                // Without knowing whether the barrier was this write's own it counts as unanswered.
                if (barrierOutcome == BarrierOutcome.Reached) write.TrySetResult(answers[i].Result);
                else if (barrierOutcome == BarrierOutcome.Missed) write.TrySetException(new StoreUnavailableException(barrier!.Description));
                if (barrierOutcome != BarrierOutcome.Unknown) continue;
            }
            else if (answers[i].Exception?.InnerException is { } exception)
            {
                failure = RedisFailures.Classify(exception);
                if (failure == RedisFailure.Full) write.TrySetException(new StoreFullException($"Redis has no space left: {exception.Message}", exception));
                else if (failure == RedisFailure.Final) write.TrySetException(exception);
                if (failure is RedisFailure.Full or RedisFailure.Final) continue;
            }
            write.Repeated |= failure == RedisFailure.Connection;
            left.Add(write);
            if (worst == RedisFailure.Final || failure == RedisFailure.Connection) worst = failure;
        }
        batch.Clear();
        batch.AddRange(left);
        return worst;
    }

    private async Task ReloadAsync(RedisLink link)
    {
        try
        {
            await link.LoadScriptsAsync().WaitAsync(options.AnswerTimeout, time).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is RedisException or TimeoutException)
        {
            connector.Lose(link, exception.Message);
        }
    }
}
