using System.Runtime.InteropServices;
using OrleansMqtt.Gateway.Delivery;
using OrleansMqtt.Messages;
using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Routing;

namespace OrleansMqtt.Gateway.Subscriptions;

/// <summary>
/// A connected client that a topic leads to, with all its matching subscriptions taken together. What a client subscribes to with the same options shares one.
/// </summary>
internal sealed class LocalRoute
{
    private readonly MergedSubscription _forOthers;
    private readonly MergedSubscription? _forPublisher;
    private LocalRoute[]? _alone;

    /// <summary>The route by one subscription.</summary>
    public LocalRoute(Subscriber subscriber, SubscriptionOptions options)
        : this(subscriber, MergedSubscription.Of([options], false)!, MergedSubscription.Of([options], true))
    {
    }

    private LocalRoute(Subscriber subscriber, MergedSubscription forOthers, MergedSubscription? forPublisher) =>
        (Subscriber, _forOthers, _forPublisher) = (subscriber, forOthers, forPublisher);

    /// <summary>The client.</summary>
    public Subscriber Subscriber { get; }

    /// <summary>This route as all that a topic leads to: one array for all filters that share it.</summary>
    public LocalRoute[] Alone => _alone ??= [this];

    /// <summary>This and another route of the same client taken together.</summary>
    public LocalRoute With(LocalRoute other) =>
        new(Subscriber, _forOthers.With(other._forOthers), _forPublisher?.With(other._forPublisher) ?? other._forPublisher);

    /// <summary>Hands the message to the client, unless it comes through its session's log. False when the client is no receiver, by No Local.</summary>
    public bool Deliver(ref Fanout fanout)
    {
        var subscription = _forOthers;
        if (fanout.View.Publisher is { } publisher && publisher == Subscriber.ClientId)
        {
            if (_forPublisher is null) return false; // [MQTT-3.8.3-3]
            subscription = _forPublisher;
        }
        var qos = subscription.Effective(fanout.View.QoS);
        // QoS 1 and 2 of a persistent session come from its log, by way of its grain.
        if (qos != QualityOfService.AtMostOnce && Subscriber.IsPersistent)
        {
            if (fanout.View.Retain) Subscriber.NoteLive(fanout.View.Topic);
            return true;
        }
        var identifiers = ImmutableCollectionsMarshal.AsArray(subscription.Identifiers)!;
        Subscriber.Deliver(ref fanout, qos, fanout.View.Retain && subscription.RetainAsPublished, identifiers); // [MQTT-3.3.1-12], [MQTT-3.3.1-13]
        return true;
    }
}
