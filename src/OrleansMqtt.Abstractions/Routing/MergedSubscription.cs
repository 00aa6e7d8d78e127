using System.Collections.Immutable;
using OrleansMqtt.Messages;
using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.Routing;

/// <summary>
/// All subscriptions of one client that match a topic, taken together: one copy of a message is sent, at the highest quality of service,
/// with the identifiers of all of them [MQTT-3.3.4-2], [MQTT-3.3.4-3], [MQTT-3.3.5-1].
/// </summary>
/// <param name="MaximumQoS">The highest of the maxima.</param>
/// <param name="RetainAsPublished">Whether one of them passes the RETAIN flag on.</param>
/// <param name="Identifiers">Their Subscription Identifiers, in ascending order, without zeros.</param>
public sealed record MergedSubscription(QualityOfService MaximumQoS, bool RetainAsPublished, ImmutableArray<uint> Identifiers)
{
    // By far most subscriptions have no identifier: those share six objects.
    private static readonly MergedSubscription[] Plain = [.. Enumerable.Range(0, 6).Select(i => new MergedSubscription((QualityOfService)(i / 2), i % 2 == 1, []))];

    /// <summary>The quality of service at which a message published at <paramref name="published"/> is sent: the lower one [MQTT-3.8.4-8].</summary>
    public QualityOfService Effective(QualityOfService published) => published < MaximumQoS ? published : MaximumQoS;

    /// <summary>
    /// Takes subscriptions together. With <paramref name="forPublisher"/> those with No Local are left out [MQTT-3.8.3-3]; null when none remains.
    /// </summary>
    public static MergedSubscription? Of(IReadOnlyList<SubscriptionOptions> subscriptions, bool forPublisher)
    {
        var any = false;
        var (qos, retain) = (QualityOfService.AtMostOnce, false);
        SortedSet<uint>? identifiers = null;
        foreach (var subscription in subscriptions)
        {
            if (forPublisher && subscription.NoLocal) continue;
            any = true;
            if (subscription.MaximumQoS > qos) qos = subscription.MaximumQoS;
            retain |= subscription.RetainAsPublished;
            if (subscription.Identifier != 0) (identifiers ??= []).Add(subscription.Identifier);
        }
        return any ? Create(qos, retain, identifiers is null ? [] : [.. identifiers]) : null;
    }

    /// <summary>This and <paramref name="other"/> taken together.</summary>
    public MergedSubscription With(MergedSubscription? other) => other is null ? this : Create(
        MaximumQoS > other.MaximumQoS ? MaximumQoS : other.MaximumQoS,
        RetainAsPublished || other.RetainAsPublished,
        other.Identifiers.IsEmpty ? Identifiers : [.. Identifiers.Concat(other.Identifiers).Order().Distinct()]);

    private static MergedSubscription Create(QualityOfService qos, bool retain, ImmutableArray<uint> identifiers) =>
        identifiers.IsEmpty ? Plain[(int)qos * 2 + (retain ? 1 : 0)] : new MergedSubscription(qos, retain, identifiers);
}
