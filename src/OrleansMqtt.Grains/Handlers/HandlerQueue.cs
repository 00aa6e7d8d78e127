using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;
using OrleansMqtt.Grains.Handlers.Filters;
using OrleansMqtt.Handlers;
using OrleansMqtt.Routing;

namespace OrleansMqtt.Grains.Handlers;

/// <summary>
/// What waits for one grain, or for mapped code of one publisher and topic. One call is in flight, what comes meanwhile goes as the next one, so that messages are handled in the order in which they were routed; one that fails is tried again before
/// those behind it.
/// </summary>
internal sealed partial class HandlerQueue
{
    private const int MaximumCount = 256, MaximumBytes = 256 * 1024;
    // Longer than it takes until the grains of a lost silo answer elsewhere.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50), LongestPause = TimeSpan.FromSeconds(1);
    // Besides the handler's own time: for the messages before it, the activation, and other calls of the grain.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);
    private readonly HandlerQueues _queues;
    private readonly GrainId _id;
    private readonly Func<HandlerBatch, Task<HandlerResult>> _handle;
    private readonly Gathering<HandlerWrite> _gathering;
    // After a call that has failed as a whole nobody knows which message was the cause.
    private bool _oneByOne;
    private int _count;

    public HandlerQueue(HandlerQueues queues, HandlerQueueKey key, Func<HandlerBatch, Task<HandlerResult>> handle)
    {
        (_queues, _id, _handle) = (queues, key.Grain, handle);
        _gathering = new Gathering<HandlerWrite>(DeliverAsync, queues.Logger, _ => queues.Retire(key, this));
    }

    /// <summary>Messages that wait or are being handled.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Adds a message; false, and nothing added, when the queue has run dry and been given up.</summary>
    public bool TryAdd(HandlerWrite write)
    {
        Interlocked.Increment(ref _count);
        // Usually it is settled by then.
        if (_gathering.TryAdd(write, failure => Settle(write, failure))) return true;
        Interlocked.Decrement(ref _count);
        return false;
    }

    /// <summary>Completes when everything that has been added so far is done with.</summary>
    public Task DrainAsync() => _gathering.BarrierAsync();

    private async Task DeliverAsync(List<HandlerWrite> writes)
    {
        for (var next = 0; next < writes.Count;)
        {
            if (writes[next].Message.HasExpired(_queues.Time.GetUtcNow().ToUnixTimeMilliseconds()))
            {
                writes[next].Handler.Counts.CountDropped();
                Settle(writes[next++], null);
                continue;
            }
            var outcomes = await AskAsync(writes, next).ConfigureAwait(false);
            next += await SettleAsync(writes, next, outcomes).ConfigureAwait(false);
        }
    }

    // At least one outcome, of the next messages.
    private async Task<ImmutableArray<HandlerOutcome>> AskAsync(List<HandlerWrite> writes, int next)
    {
        var start = _queues.Time.GetTimestamp();
        for (var pause = TimeSpan.Zero; ; pause = pause < FirstPause ? FirstPause : pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            var (batch, limit) = NextBatch(writes, next);
            var call = Call(batch);
            // Never on the stack of whoever has added the first message: publishers are told under locks of their own.
            await ((Task)call.WaitAsync(limit, _queues.Time)).ConfigureAwait(ConfigureAwaitOptions.ForceYielding | ConfigureAwaitOptions.SuppressThrowing);
            if (!call.IsCompleted)
            {
                _oneByOne = true;
                Observe(call);
                return [new HandlerOutcome(HandlerState.TimedOut, $"The grain did not answer within {limit}.")];
            }
            var isAnswered = call.IsCompletedSuccessfully && call.Result.Outcomes is { IsDefaultOrEmpty: false } outcomes && outcomes.Length <= batch.Messages.Length;
            _oneByOne = !isAnswered || call.Result.Outcomes[^1].State != HandlerState.Handled;
            if (isAnswered && !IsUnknown(writes[next], call.Result.Outcomes[0])) return call.Result.Outcomes;
            var failure = call.Exception?.InnerException;
            if (_queues.Time.GetElapsedTime(start) >= Patience)
                return [new HandlerOutcome(HandlerState.Unknown, isAnswered ? call.Result.Outcomes[0].Reason : failure is null ? "The grain's answer is none." : Reasons.Of(failure))];
            LogRepeated(_queues.Logger, failure, _id);
            await Task.Delay(pause, _queues.Time).ConfigureAwait(false);
        }
    }

    private (HandlerBatch Batch, TimeSpan Limit) NextBatch(List<HandlerWrite> writes, int next)
    {
        var messages = ImmutableArray.CreateBuilder<HandlerMessage>(_oneByOne ? 1 : Math.Min(writes.Count - next, MaximumCount));
        var (bytes, floor, longest) = (0L, 0L, TimeSpan.Zero);
        for (var i = next; i < writes.Count && messages.Count < messages.Capacity; i++)
        {
            var write = writes[i];
            if ((bytes += write.Size) > MaximumBytes && i > next) break;
            _queues.Identify(write);
            if (floor == 0) floor = write.Number;
            if (write.Handler.Timeout > longest) longest = write.Handler.Timeout;
            messages.Add(new HandlerMessage(write.Handler.Name, write.Message, write.Number, write.Failures + 1));
        }
        return (new HandlerBatch(_queues.Source, floor, messages.DrainToImmutable()), longest + Grace);
    }

    private Task<HandlerResult> Call(HandlerBatch batch)
    {
        try
        {
            return _handle(batch);
        }
#pragma warning disable CA1031 // Fails as if it had been made.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            return Task.FromException<HandlerResult>(exception);
        }
    }

    // Returns how many are settled; the one behind them is to be tried again.
    private async Task<int> SettleAsync(List<HandlerWrite> writes, int next, ImmutableArray<HandlerOutcome> outcomes)
    {
        for (var i = 0; i < outcomes.Length;)
        {
            var handled = i;
            while (handled < outcomes.Length && outcomes[handled].State == HandlerState.Handled && !IsUnknown(writes[next + handled], outcomes[handled])) handled++;
            if (handled > i)
            {
                // What has passed a filter is routed now.
                if (!_queues.MayRoute && writes.Exists(static write => write is FilterWrite)) await _queues.WhenMayRouteAsync().ConfigureAwait(false);
                SettleHandled(CollectionsMarshal.AsSpan(writes)[(next + i)..(next + handled)], outcomes.AsSpan()[i..handled]);
                i = handled;
                continue;
            }
            var (write, outcome) = (writes[next + i], outcomes[i]);
            // Its silo knows others of the grain's handlers only: it is asked again, for a while.
            if (i > 0 && IsUnknown(write, outcome)) return i;
            if (MayTryAgain(write, outcome.State))
            {
                await Task.Delay(write.Handler.PauseAfter(write.Failures), _queues.Time).ConfigureAwait(false);
                return i;
            }
            await DeadLetterAsync(write, outcome.Reason ?? outcome.State.ToString()).ConfigureAwait(false);
            i++;
        }
        return outcomes.Length;
    }

    private void SettleHandled(ReadOnlySpan<HandlerWrite> writes, ReadOnlySpan<HandlerOutcome> outcomes)
    {
        // What is written to a publisher of this process leaves as one.
        using var batch = DeliveryBatch.Begin();
        for (var i = 0; i < writes.Length; i++)
        {
            writes[i].Handler.Counts.CountHandled();
            if (writes[i] is FilterWrite filtered) filtered.Decision = outcomes[i].Decision;
            Settle(writes[i], null);
        }
    }

    // In another version of it a filter may have been none.
    private static bool IsUnknown(HandlerWrite write, HandlerOutcome outcome) =>
        outcome.State == HandlerState.Unknown || (write is FilterWrite && outcome is { State: HandlerState.Handled, Decision: null });

    private static bool MayTryAgain(HandlerWrite write, HandlerState state)
    {
        write.Failures++;
        if (state is HandlerState.Failed or HandlerState.Unknown) write.Handler.Counts.CountFailed();
        if (state == HandlerState.TimedOut) write.Handler.Counts.CountTimedOut();
        return state is HandlerState.Failed or HandlerState.TimedOut && write.Failures < write.Handler.Attempts;
    }

    private async Task DeadLetterAsync(HandlerWrite write, string reason)
    {
        write.Handler.Counts.CountDeadLettered();
        LogDeadLetter(_queues.Logger, write.Handler.Name, _id, reason);
        Exception failure = new HandlerFailedException($"The handler {write.Handler.Name} has failed: {reason}");
        try
        {
            if (!DeadLetter.IsTopic(write.Message.Topic)) await _queues.Runtime.PublishAsync(DeadLetter.Of(write, reason)).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // Whoever waits for the message is told; others are behind it.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            LogNoDeadLetter(_queues.Logger, exception, write.Handler.Name, _id);
            failure = exception;
        }
        using var batch = DeliveryBatch.Begin();
        Settle(write, failure);
    }

    private void Settle(HandlerWrite write, Exception? failure)
    {
        if (!write.Settle(failure)) return;
        Interlocked.Decrement(ref _count);
        _queues.Release(write.Size);
    }

    // Nobody waits for it any more.
    private static void Observe(Task call) =>
        call.ContinueWith(static task => _ = task.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);

    [LoggerMessage(85, LogLevel.Warning, "The handler grain {Grain} could not be reached, or its silo does not know the handler; it is called again.")]
    private static partial void LogRepeated(ILogger logger, Exception? exception, GrainId grain);

    [LoggerMessage(86, LogLevel.Warning, "A message is a dead letter of the handler {Handler}, grain {Grain}: {Reason}")]
    private static partial void LogDeadLetter(ILogger logger, string handler, GrainId grain, string reason);

    [LoggerMessage(87, LogLevel.Error, "A dead letter of the handler {Handler}, grain {Grain}, could not be published.")]
    private static partial void LogNoDeadLetter(ILogger logger, Exception exception, string handler, GrainId grain);
}
