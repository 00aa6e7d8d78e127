using OrleansMqtt.Protocol.Connections;
using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.Protocol.Sessions;

/// <summary>What a broker keeps of a client from one connection to the next: subscriptions, messages under way, QoS 2
/// identifiers.</summary>
/// <param name="clientId">Whose session it is.</param>
/// <param name="maximumQueued">How many QoS 1 and 2 messages may wait to be sent; what comes then is dropped.</param>
public sealed class BrokerSession(string clientId, int maximumQueued = 1_000)
{
    private readonly Dictionary<string, BrokerSubscription> _subscriptions = [];

    /// <summary>The client identifier.</summary>
    public string ClientId { get; } = clientId;

    /// <summary>How long the session lives without a connection, in seconds; 0 ends with it, <see cref="uint.MaxValue"/> never ends. The
    /// shell measures it.</summary>
    public uint ExpiryInterval { get; internal set; }

    /// <summary>The client's machine while it is connected.</summary>
    public BrokerClientMachine? Connection { get; internal set; }

    /// <summary>The subscriptions by filter.</summary>
    public IReadOnlyDictionary<string, BrokerSubscription> Subscriptions => _subscriptions;

    /// <summary>How many QoS 1 and 2 messages wait to be sent for the first time.</summary>
    public int QueuedCount => Inflight.WaitingCount;

    /// <summary>The CONNECT of the connection that is there or was just lost; holds the will.</summary>
    internal ConnectPacket? LastConnect { get; set; }

    internal ClientInflight Inflight { get; } = new(new ClientPacketIdentifiers());

    /// <summary>QoS 2 identifiers of the client between PUBREC and PUBREL.</summary>
    internal HashSet<ushort> Received { get; } = [];

    /// <summary>Adds a subscription, in place of one with the same filter [MQTT-3.8.4-3]; returns that one, or null.</summary>
    public BrokerSubscription? Subscribe(BrokerSubscription subscription)
    {
        ArgumentNullException.ThrowIfNull(subscription);
        _subscriptions.Remove(subscription.Options.Filter, out var replaced);
        _subscriptions.Add(subscription.Options.Filter, subscription);
        return replaced;
    }

    /// <summary>Removes a subscription; false if there was none.</summary>
    public bool Unsubscribe(string filter) => _subscriptions.Remove(filter);

    /// <summary>
    /// Delivers a message once, whatever number of subscriptions match: at their highest maximum QoS, or the message's if that is
    /// lower [MQTT-3.8.4-8] [MQTT-3.3.4-2], with all their identifiers [MQTT-3.3.4-4].
    /// </summary>
    internal BrokerDelivery Deliver(string? source, PublishPacket message, IEnumerable<BrokerSubscription> matching)
    {
        var all = matching.ToList();
        var chosen = all.Where(subscription => !subscription.Options.NoLocal || source != ClientId).ToList();
        if (chosen.Count == 0)
        {
            return all.Count == 0 ? BrokerDelivery.NotSubscribed : BrokerDelivery.NoLocal;
        }

        var granted = chosen.Max(subscription => subscription.Options.MaximumQoS);
        return Send(message.With(
            granted < message.QoS ? granted : message.QoS,
            message.Retain && chosen.Any(subscription => subscription.Options.RetainAsPublished), // [MQTT-3.3.1-12], [MQTT-3.3.1-13]
            subscriptionIdentifiers: IdentifiersOf(chosen)));
    }

    /// <summary>Delivers a retained message to a new subscription [MQTT-3.3.1-9] [MQTT-3.3.1-10].</summary>
    internal BrokerDelivery DeliverRetained(PublishPacket message, BrokerSubscription subscription) => Send(message.With(
        subscription.Options.MaximumQoS < message.QoS ? subscription.Options.MaximumQoS : message.QoS,
        retain: true, // Section 3.3.1.3: so that the client can tell it from a live message.
        subscriptionIdentifiers: IdentifiersOf([subscription])));

    private static List<uint> IdentifiersOf(IEnumerable<BrokerSubscription> subscriptions) =>
        [.. subscriptions.Select(subscription => subscription.Identifier).OfType<uint>()];

    private BrokerDelivery Send(PublishPacket message)
    {
        if (Connection is { } connection && !connection.Fits(message))
        {
            return BrokerDelivery.Dropped;
        }

        if (message.QoS == QualityOfService.AtMostOnce)
        {
            Connection?.Send(message);
            return Connection is null ? BrokerDelivery.Dropped : BrokerDelivery.Sent;
        }

        if (Inflight.WaitingCount >= maximumQueued)
        {
            return BrokerDelivery.Dropped;
        }

        Inflight.Add(message);
        Connection?.SendInflight();
        return Connection is not null && Inflight.WaitingCount == 0 ? BrokerDelivery.Sent : BrokerDelivery.Queued;
    }
}
