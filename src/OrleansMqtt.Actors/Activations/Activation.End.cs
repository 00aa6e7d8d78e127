using Microsoft.Extensions.Logging;
using Orleans;
using Orleans.Runtime;
using OrleansMqtt.Actors.Mailboxes;

namespace OrleansMqtt.Actors.Activations;

/// <content>How an activation ends.</content>
internal sealed partial class Activation
{
    // A call passed on more often than this meets a grain that deactivates itself whenever it is activated.
    private const int MaxForwards = 2;

    public Task Deactivated
    {
        get
        {
            var ended = Extras.AwaitEnd();
            if (State == MailboxState.Closed)
            {
                ended.TrySetResult();
            }

            return ended.Task;
        }
    }

    public void Deactivate(DeactivationReason deactivationReason, CancellationToken cancellationToken = default)
    {
        if (State < MailboxState.Closing)
        {
            Extras.Reason ??= deactivationReason;
            TryClose();
        }
    }

    public void DelayDeactivation(TimeSpan time)
    {
        var ticks = time.TotalSeconds * Environment.Time.TimestampFrequency;
        var now = Environment.Time.GetTimestamp();
        Extras.KeepUntil = time < TimeSpan.Zero ? now : ticks >= long.MaxValue - now ? long.MaxValue : now + (long)ticks;
    }

    /// <summary>Deactivates a grain that was not used for its collection age.</summary>
    public void CollectIfIdle(int epoch)
    {
        if (IsIdle(epoch))
        {
            TryClose(() =>
            {
                var idle = IsIdle(epoch);
                if (idle)
                {
                    Extras.Reason ??= new(DeactivationReasonCode.ActivationIdle, "Nothing used the grain.");
                }

                return idle;
            });
        }
    }

    /// <summary>Ends the activation as the death of its silo would: nothing of it runs any more.</summary>
    public void Kill()
    {
        StopTimers();
        Abandon(new SiloUnavailableException($"The silo that held {GrainId} was killed."));
    }

    protected override async ValueTask StopAsync()
    {
        StopTimers();
        if (!hosted.Class.RunsCodeAtDeactivation && _extras?.Lifecycle is null)
        {
            return;
        }

        var timeout = hosted.Silo.DeactivationTimeout.Begin();
        try
        {
            if (_instance is IGrainBase grain)
            {
                await grain.OnDeactivateAsync(Extras.Reason ?? default, timeout);
            }

            if (_extras?.Lifecycle is { } lifecycle)
            {
                await lifecycle.StopAsync(timeout);
            }

            if (_instance is IAsyncDisposable asynchronous)
            {
                await asynchronous.DisposeAsync();
            }
            else if (_instance is IDisposable disposable)
            {
                disposable.Dispose();
            }
        }
        catch (Exception exception)
        {
            ActivationLog.DeactivationFailed(Logger, this, exception);
        }
    }

    protected override void OnClosed(List<Call> waiting, Exception? failure)
    {
        hosted.Silo.Directory.Remove(this);
        if (failure is not null and not SiloUnavailableException)
        {
            ActivationLog.ActivationFailed(Logger, this, failure);
        }

        foreach (var call in waiting)
        {
            if (failure is not null)
            {
                call.Fail(failure);
            }
            else if (!call.Forwardable)
            {
                continue;
            }
            else if (++call.Forwards > MaxForwards)
            {
                call.Fail(new OrleansMessageRejectionException($"{call.Name} met {GrainId} deactivating {call.Forwards} times."));
            }
            else
            {
                hosted.Silo.References.Deliver(GrainId, call);
            }
        }

        StopTimers();
        _extras?.Ended?.TrySetResult();
    }

    private bool IsIdle(int epoch) =>
        State == MailboxState.Open && !hosted.Class.KeepAlive && epoch - _lastUsed > hosted.CollectionAge && IsQuiet
        && (_extras is null || _extras.KeepUntil <= Environment.Time.GetTimestamp());
}

internal static partial class ActivationLog
{
    [LoggerMessage(EventId = 1101, Level = LogLevel.Warning, Message = "Activation of {Grain} failed.")]
    public static partial void ActivationFailed(ILogger logger, Activation grain, Exception exception);

    [LoggerMessage(EventId = 1102, Level = LogLevel.Warning, Message = "{Grain} failed while it was deactivated.")]
    public static partial void DeactivationFailed(ILogger logger, Activation grain, Exception exception);

    [LoggerMessage(EventId = 1103, Level = LogLevel.Warning, Message = "A tick of a timer of {Grain} failed.")]
    public static partial void TickFailed(ILogger logger, object grain, Exception exception);
}
