using Microsoft.Extensions.Logging;
using OrleansMqtt.Grains.Routing;
using OrleansMqtt.Handlers;
using OrleansMqtt.Messages;
using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Routing;

namespace OrleansMqtt.Grains.Handlers.Filters;

/// <summary>A publish on its way through the filters of its topic, one after the other, and then back to the router.</summary>
/// <param name="router">Routes what has passed.</param>
/// <param name="queues">Lead to the filters.</param>
/// <param name="message">The message.</param>
/// <param name="stream">What its publisher has on its way; null where that does not matter.</param>
/// <param name="byHandler">Whether a handler publishes it, which waits for no filter.</param>
/// <param name="fromOutside">Whether it has come from outside, where it does not go again.</param>
internal sealed partial class FilterRun(Router router, HandlerQueues queues, Message message, PublishStream? stream, bool byHandler, bool fromOutside)
{
    private readonly PendingPublish? _pending = byHandler ? null : new PendingPublish();
    private readonly List<TopicHandler> _passed = new(1);

    /// <summary>What the filters so far have made of the message.</summary>
    public Message Message { get; private set; } = message;

    /// <summary>Whether nobody can be held back by waiting for it.</summary>
    public bool MayBeDropped => byHandler || Message.QoS == QualityOfService.AtMostOnce;

    // What it came by goes to another router with everything that has no outcome here.
    private bool IsHandedOver => Message.Stamp is not null && queues is { IsLeaving: true, MayRoute: false };

    /// <summary>Gives the message to its first filter. To be called once.</summary>
    public RouteResult Start()
    {
        if (GoOn()) return _pending is null ? new RouteResult(1, null) : new RouteResult(0, _pending);
        var dropped = _pending ?? new PendingPublish();
        dropped.Complete(byHandler ? new IOException($"Too many messages wait for a filter of {Message.TopicName}.") : null);
        return new RouteResult(0, dropped);
    }

    /// <summary>A filter has decided, or nothing is to be decided any more.</summary>
    /// <param name="filter">The filter.</param>
    /// <param name="decision">Its decision; null if it has failed or the message has expired.</param>
    /// <param name="failure">What it has failed with; null if it has not.</param>
    public void OnFiltered(TopicHandler filter, FilterDecision? decision, Exception? failure)
    {
        if (failure is not null) Fail(failure is HandlerFailedException ? new PublishDeniedException(ReasonCode.ImplementationSpecificError) : failure);
        else if (decision is null) _pending?.Complete();
        else if (decision.Passes) GoOnWith(decision);
        else Deny(filter, decision);
    }

    private void GoOnWith(FilterDecision decision)
    {
        Message = decision.ApplyTo(Message);
        if (!GoOn()) _pending?.Complete();
    }

    private void Deny(TopicHandler filter, FilterDecision decision)
    {
        filter.Counts.CountDenied();
        LogDenied(queues.Logger, filter.Name, (byte)decision.Reason, decision.Text is null ? "" : Reasons.LineOf(decision.Text));
        _pending?.Complete(new PublishDeniedException(decision.Reason));
    }

    // False when it is given up.
    private bool GoOn()
    {
        foreach (var route in router.FiltersOf(Message.Topic) ?? [])
        {
            if (_passed.Contains(route.Handler)) continue;
            _passed.Add(route.Handler);
            return queues.TryAdd(route, this);
        }
        Route();
        return true;
    }

    private void Route()
    {
        if (IsHandedOver) return;
        // Its publisher sends it again behind the one that has failed.
        if (_pending is not null && stream?.Failure is { } before)
        {
            _pending.Complete(before);
            return;
        }
        var publish = new PublishView(Message.Stamp is null ? Message : Message.AsLate()) { ByHandler = byHandler, FromOutside = fromOutside, IsFiltered = true, Streams = stream };
        var result = router.Route(ref publish);
        if (result.Pending is not { } pending) _pending?.CompleteFound(result.Receivers);
        else pending.OnCompleted(_ => OnRouted(pending.Failure, result), null);
    }

    private void OnRouted(Exception? failure, RouteResult result)
    {
        if (failure is not null) Fail(failure);
        else _pending?.CompleteFound(result.Total);
    }

    private void Fail(Exception failure)
    {
        var isFinal = RouteOutcome.IsFinal(failure);
        if (!isFinal && IsHandedOver) return;
        if (!isFinal) stream?.Fail(failure);
        if (_pending is null && !isFinal) LogLost(queues.Logger, failure);
        _pending?.Complete(failure);
    }

    [LoggerMessage(88, LogLevel.Debug, "The filter {Filter} has denied a message with 0x{Reason:X2}: {Text}")]
    private static partial void LogDenied(ILogger logger, string filter, byte reason, string text);

    [LoggerMessage(89, LogLevel.Error, "What a handler has published could not be routed when it had passed its filters.")]
    private static partial void LogLost(ILogger logger, Exception exception);
}
