using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using OrleansMqtt.Leases;
using OrleansMqtt.Topics;

namespace OrleansMqtt.Routing;

/// <summary>Calls of topic grains that are repeated until they have been carried out, or this process stops.</summary>
/// <remarks>
/// Changes are absolute, so a repeat of one that took effect does no harm; but one that was held for lost and comes after later ones would. So each call of a channel has a number, and a grain
/// passes over those that are lower than one it has seen; and it bears the epoch of the activation that it is for, as a new activation has seen none: that refuses it, and says its own.
/// </remarks>
internal sealed partial class LastingCalls(LeaseTimes times, TimeProvider time, ILogger logger) : IDisposable
{
    private readonly CancellationTokenSource _stopped = new();

    /// <summary>One channel: a call at a time is under way.</summary>
    public Func<ImmutableArray<RouteChange>, Task> Through(Func<RouteCall, ImmutableArray<RouteChange>, Task<long>> method)
    {
        // Of this channel alone: what two channels say is not in one order.
        var call = new RouteCall(Guid.NewGuid(), 0, 0);
        return async changes =>
        {
            call = call with { Sequence = call.Sequence + 1 };
            while (!await TryAsync())
            {
            }

            async Task<bool> TryAsync()
            {
                try
                {
                    _stopped.Token.ThrowIfCancellationRequested();
                    var epoch = await method(call, changes);
                    if (epoch == call.Epoch) return true;
                    call = call with { Epoch = epoch };
                    return false;
                }
                catch (Exception exception) when (PassingFailure.Is(exception))
                {
                    LogRepeated(logger, exception);
                }
                await Task.Delay(times.Retry, time, _stopped.Token);
                return false;
            }
        };
    }

    /// <summary>The process stops: calls that cannot be carried out now fail.</summary>
    public void Dispose() => _stopped.Cancel();

    [LoggerMessage(1010, LogLevel.Warning, "Routes could not be told to their topic grain; trying again.")]
    private static partial void LogRepeated(ILogger logger, Exception exception);
}
