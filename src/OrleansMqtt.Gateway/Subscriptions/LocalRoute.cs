using OrleansMqtt.Gateway.Delivery;
using OrleansMqtt.Messages;
using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Routing;

namespace OrleansMqtt.Gateway.Subscriptions;

/// <summary>A connected client that a topic leads to, with all its matching subscriptions taken together.</summary>
internal sealed class LocalRoute
{
    private readonly MergedSubscription _forOthers;
    private readonly MergedSubscription? _forPublisher;
    private readonly uint[] _identifiersForOthers;
    private readonly uint[] _identifiersForPublisher;

    public LocalRoute(Subscriber subscriber, IReadOnlyList<SubscriptionOptions> subscriptions)
    {
        Subscriber = subscriber;
        _forOthers = MergedSubscription.Of(subscriptions, false)!;
        _forPublisher = MergedSubscription.Of(subscriptions, true);
        _identifiersForOthers = [.. _forOthers.Identifiers];
        _identifiersForPublisher = _forPublisher is null ? [] : [.. _forPublisher.Identifiers];
    }

    /// <summary>The client.</summary>
    public Subscriber Subscriber { get; }

    /// <summary>Hands the message to the client, unless it comes through its session's log. False when the client is no receiver, by No Local.</summary>
    public bool Deliver(ref Fanout fanout)
    {
        var (subscription, identifiers) = (_forOthers, _identifiersForOthers);
        if (fanout.View.Publisher is { } publisher && publisher == Subscriber.ClientId)
        {
            if (_forPublisher is null) return false; // [MQTT-3.8.3-3]
            (subscription, identifiers) = (_forPublisher, _identifiersForPublisher);
        }
        var qos = subscription.Effective(fanout.View.QoS);
        // QoS 1 and 2 of a persistent session come from its log, by way of its grain.
        if (qos != QualityOfService.AtMostOnce && Subscriber.IsPersistent)
        {
            if (fanout.View.Retain) Subscriber.NoteLive(fanout.View.Topic);
            return true;
        }
        Subscriber.Deliver(ref fanout, qos, fanout.View.Retain && subscription.RetainAsPublished, identifiers); // [MQTT-3.3.1-12], [MQTT-3.3.1-13]
        return true;
    }
}
