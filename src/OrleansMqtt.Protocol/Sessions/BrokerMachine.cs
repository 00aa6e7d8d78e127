using System.Text;
using OrleansMqtt.Protocol.Connections;
using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Protocol.Topics;

namespace OrleansMqtt.Protocol.Sessions;

/// <summary>A whole broker as a machine without I/O: sessions, subscriptions, retained messages. For tests, tools and light use.</summary>
/// <remarks>
/// <para>
/// It will: create, resume and take over sessions, route messages by topic, keep them for clients that are away, keep retained
/// messages, and hand out wills. Each <see cref="BrokerClientMachine"/> finds the packets that go to its client in its outbound data.
/// </para>
/// <para>
/// It won't: authenticate or authorize (the shell refuses a client by answering its CONNECT itself, or a filter by not passing it on),
/// store anything, or measure time: the shell waits for a will's delay, for a session's expiry and then calls <see cref="EndSession"/>,
/// and for a message's expiry. Shared subscriptions are refused with 0x9E. Not thread-safe.
/// </para>
/// </remarks>
/// <param name="newClientId">Makes client identifiers for clients that have none; random ones by default.</param>
/// <param name="maximumQueued">How many QoS 1 and 2 messages may wait in one session.</param>
public sealed class BrokerMachine(Func<string>? newClientId = null, int maximumQueued = 1_000)
{
    private const int RetainedPage = 256;

    private readonly Func<string> _newClientId = newClientId ?? (() => Guid.NewGuid().ToString("N"));
    private readonly Dictionary<string, BrokerSession> _sessions = [];
    private readonly TopicTree<Dictionary<BrokerSession, BrokerSubscription>> _subscriptions = new();
    private readonly TopicIndex<PublishPacket> _retained = new();

    /// <summary>The sessions by client identifier, connected or not.</summary>
    public IReadOnlyDictionary<string, BrokerSession> Sessions => _sessions;

    /// <summary>The number of retained messages.</summary>
    public int RetainedCount => _retained.Count;

    /// <summary>Answers a client's CONNECT: refuses it, or gives it its session.</summary>
    /// <param name="client">A machine that has received CONNECT.</param>
    public BrokerConnectResult Accept(BrokerClientMachine client)
    {
        ArgumentNullException.ThrowIfNull(client);
        var connect = client.Connect ?? throw new InvalidOperationException("CONNECT has not come.");
        var isAssigned = connect.ClientId.Length == 0;
        if (isAssigned && connect.Version != ProtocolVersion.V50 && !connect.CleanStart) // [MQTT-3.1.3-8] of 3.1.1
        {
            client.AcknowledgeConnect(new ConnAckPacket { ReasonCode = ReasonCode.ClientIdentifierNotValid }, null);
            return new(ReasonCode.ClientIdentifierNotValid, null, null);
        }

        var clientId = isAssigned ? _newClientId() : connect.ClientId; // [MQTT-3.1.3-6]
        _sessions.TryGetValue(clientId, out var session);
        var before = session?.Connection;
        before?.Disconnect(ReasonCode.SessionTakenOver);

        // A session that ends with its connection has ended when that is taken over.
        var isPresent = session is not null && !connect.CleanStart /* [MQTT-3.1.2-4] */ && session.ExpiryInterval > 0;
        if (!isPresent)
        {
            EndSession(clientId);
            _sessions.Add(clientId, session = new BrokerSession(clientId, maximumQueued));
        }

        session!.ExpiryInterval = connect.Version == ProtocolVersion.V50 ? connect.SessionExpiryInterval ?? 0
            : connect.CleanStart ? 0 : uint.MaxValue;
        session.LastConnect = connect;
        client.AcknowledgeConnect(
            new ConnAckPacket
            {
                SessionPresent = isPresent, // [MQTT-3.2.2-3]
                AssignedClientIdentifier = isAssigned ? clientId : null,
                SharedSubscriptionAvailable = false,
            },
            session);

        // Back within its delay, the session goes on and the will is not sent [MQTT-3.1.3-9].
        var will = before?.Connect!.Will;
        return new(ReasonCode.Success, before, isPresent && will is { DelayInterval: > 0 } ? null : will);
    }

    /// <summary>Answers SUBSCRIBE, and delivers the retained messages that the subscriptions ask for.</summary>
    public void Subscribe(BrokerClientMachine client, SubscribePacket packet)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(packet);
        var session = client.Session;
        var reasons = new List<ReasonCode>();
        var wantsRetained = new List<BrokerSubscription>();
        foreach (var options in packet.Subscriptions)
        {
            if (SharedFilter.IsShared(options.Filter) || !TopicFilter.IsValid(options.Filter))
            {
                reasons.Add(SharedFilter.IsShared(options.Filter)
                    ? ReasonCode.SharedSubscriptionsNotSupported
                    : ReasonCode.TopicFilterInvalid);
                continue;
            }

            var subscription = new BrokerSubscription(options, packet.SubscriptionIdentifier);
            var isNew = session.Subscribe(subscription) is null;
            _subscriptions.GetOrAdd(subscription.FilterBytes, () => [])[session] = subscription;
            reasons.Add((ReasonCode)options.MaximumQoS);
            if (options.RetainHandling == RetainHandling.SendAtSubscribe ||
                (options.RetainHandling == RetainHandling.SendIfNewSubscription && isNew))
            {
                wantsRetained.Add(subscription);
            }
        }

        client.AcknowledgeSubscribe(packet.PacketId, reasons);
        wantsRetained.ForEach(subscription => DeliverRetained(session, subscription));
    }

    /// <summary>Answers UNSUBSCRIBE.</summary>
    public void Unsubscribe(BrokerClientMachine client, UnsubscribePacket packet)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(packet);
        var session = client.Session;
        client.AcknowledgeUnsubscribe(packet.PacketId, [.. packet.Filters.Select(filter =>
        {
            var existed = session.Subscriptions.TryGetValue(filter, out var subscription);
            if (existed)
            {
                Forget(session, subscription!);
                session.Unsubscribe(filter);
            }

            return existed ? ReasonCode.Success : ReasonCode.NoSubscriptionExisted;
        })]);
    }

    /// <summary>Routes a message to all sessions that subscribe to its topic, and retains it if it says so.</summary>
    /// <param name="source">The client that publishes it; null if none does, as for a will.</param>
    /// <param name="packet">The message, its topic alias resolved.</param>
    /// <returns>The clients whose outbound data the message is in.</returns>
    public IReadOnlyCollection<string> Publish(string? source, PublishPacket packet)
    {
        ArgumentNullException.ThrowIfNull(packet);
        var topic = Encoding.UTF8.GetBytes(packet.Topic);
        if (packet.Retain)
        {
            Retain(topic, packet);
        }

        var reached = new List<string>();
        foreach (var (session, subscriptions) in Match(topic))
        {
            if (session.Deliver(source, packet, subscriptions) == BrokerDelivery.Sent)
            {
                reached.Add(session.ClientId);
            }
        }

        return reached;
    }

    /// <summary>A client's connection is over.</summary>
    /// <param name="clientId">The client. Not to be said of a connection that was taken over.</param>
    /// <param name="packet">Its DISCONNECT, or null if the connection was lost.</param>
    /// <returns>
    /// The will to publish, after its delay, unless the client comes back before; null if there is none, or the client left in order
    /// [MQTT-3.1.2-8] [MQTT-3.1.2-10].
    /// </returns>
    public Will? ClientDisconnected(string clientId, DisconnectPacket? packet)
    {
        if (!_sessions.TryGetValue(clientId, out var session))
        {
            return null;
        }

        var will = session.LastConnect?.Will;
        session.Connection?.ConnectionLost();
        session.LastConnect = null;
        session.ExpiryInterval = packet?.SessionExpiryInterval ?? session.ExpiryInterval;
        if (session.ExpiryInterval == 0)
        {
            EndSession(clientId);
        }

        return packet is null || packet.ReasonCode != ReasonCode.NormalDisconnection ? will : null;
    }

    /// <summary>Ends a session, such as one that has expired; false if there is none.</summary>
    public bool EndSession(string clientId)
    {
        if (!_sessions.Remove(clientId, out var session))
        {
            return false;
        }

        foreach (var subscription in session.Subscriptions.Values)
        {
            Forget(session, subscription);
        }

        return true;
    }

    /// <summary>The message that a will becomes.</summary>
    public static PublishPacket ToMessage(Will will)
    {
        ArgumentNullException.ThrowIfNull(will);
        return new PublishPacket
        {
            Topic = will.Topic,
            Payload = will.Payload,
            QoS = will.QoS,
            Retain = will.Retain,
            MessageExpiryInterval = will.MessageExpiryInterval,
            PayloadFormatIndicator = will.PayloadFormatIndicator,
            ContentType = will.ContentType,
            ResponseTopic = will.ResponseTopic,
            CorrelationData = will.CorrelationData,
            UserProperties = will.UserProperties,
        };
    }

    private Dictionary<BrokerSession, List<BrokerSubscription>> Match(byte[] topic)
    {
        var entries = new List<Dictionary<BrokerSession, BrokerSubscription>>();
        _subscriptions.Match(topic, entries);
        return entries
            .SelectMany(entry => entry)
            .GroupBy(pair => pair.Key, pair => pair.Value)
            .ToDictionary(group => group.Key, group => group.ToList());
    }

    private void Retain(byte[] topic, PublishPacket packet)
    {
        if (packet.Payload.IsEmpty) // [MQTT-3.3.1-6], [MQTT-3.3.1-7]
        {
            _retained.Remove(topic);
        }
        else
        {
            _retained.Set(topic, packet.With(packet.QoS, retain: true)); // [MQTT-3.3.1-5]
        }
    }

    private void DeliverRetained(BrokerSession session, BrokerSubscription subscription)
    {
        var page = new List<PublishPacket>();
        byte[]? last = null;
        bool more;
        do
        {
            page.Clear();
            more = _retained.Scan(subscription.FilterBytes, last, RetainedPage, page, out last);
            page.ForEach(message => session.DeliverRetained(message, subscription));
        }
        while (more);
    }

    private void Forget(BrokerSession session, BrokerSubscription subscription)
    {
        if (_subscriptions.Find(subscription.FilterBytes) is { } sessions && sessions.Remove(session) && sessions.Count == 0)
        {
            _subscriptions.Remove(subscription.FilterBytes);
        }
    }
}
