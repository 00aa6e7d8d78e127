using OrleansMqtt.Diagnostics;
using OrleansMqtt.Gateway.Authorization;
using OrleansMqtt.Gateway.Limits;
using OrleansMqtt.Gateway.Listeners;
using OrleansMqtt.Messages;
using OrleansMqtt.Protocol.Codec;
using OrleansMqtt.Protocol.Connections;
using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Routing;
using OrleansMqtt.Settings;

namespace OrleansMqtt.Gateway.Delivery;

/// <summary>
/// A connected client as a receiver of messages: its outbox, its window of QoS 1 and 2 messages in flight, and a bounded queue for what
/// the window or the socket does not take. Thread-safe; everything changes under the outbox's gate.
/// </summary>
internal sealed partial class Subscriber
{
    private readonly Live<GatewayLimits> _settings;
    private readonly BrokerMetrics _metrics;
    private readonly OutboundWindow<InflightMessage> _window = new();
    private readonly OutboundTopicAliases? _aliases;
    private readonly TimeProvider _time;
    private readonly int _receiveMaximum;
    private readonly uint _maximumPacketSize;
    private readonly bool _isV5;
    private Queue<QueuedMessage>? _queue;
    private long _queuedBytes;
    private long _pushedThrough = -1;
    private TaskCompletionSource? _room;
    private LiveTopics? _live;
    private bool _open;
    private bool _parted;
    private bool _closed;

    /// <summary>What is remembered of a message in flight.</summary>
    /// <param name="Message">The message, where it may have to go to another member of its group; null otherwise.</param>
    /// <param name="Group">Its shared group.</param>
    /// <param name="LogSequence">Its position in the session's log; -1 for a clean session.</param>
    internal readonly record struct InflightMessage(Message? Message, SharedGroupKey? Group, long LogSequence);

    private readonly record struct QueuedMessage(Message Message, QualityOfService QoS, bool Retain, uint[] Identifiers, SharedGroupKey? Group);

    /// <summary>Creates the receiver for a client that has connected.</summary>
    /// <param name="clientId">Client identifier.</param>
    /// <param name="connect">What the client announced.</param>
    /// <param name="persistent">Whether QoS 1 and 2 messages come from the session's log.</param>
    /// <param name="outbox">Its outbox.</param>
    /// <param name="limits">Limits in force.</param>
    /// <param name="metrics">Where copies are counted.</param>
    /// <param name="time">The clock of message expiry.</param>
    public Subscriber(string clientId, ConnectPacket connect, bool persistent, Outbox outbox, Live<GatewayLimits> limits, BrokerMetrics metrics, TimeProvider time)
    {
        (ClientId, Version, IsPersistent, Outbox, _settings, _metrics, _time) = (clientId, connect.Version, persistent, outbox, limits, metrics, time);
        _isV5 = Version == ProtocolVersion.V50;
        _receiveMaximum = Math.Min(connect.ReceiveMaximum ?? ushort.MaxValue, limits.Current.Session.MaxInflightMessages);
        _maximumPacketSize = Math.Min(connect.MaximumPacketSize ?? uint.MaxValue, PublishEncoder.MaximumLength);
        if (_isV5 && connect.TopicAliasMaximum is { } aliases and > 0 && limits.Current.MaxOutboundTopicAliases > 0)
            _aliases = new OutboundTopicAliases(aliases, limits.Current.MaxOutboundTopicAliases);
        outbox.Drained = OnDrained;
    }

    private GatewayLimits Limits => _settings.Current;

    /// <summary>Client identifier.</summary>
    public string ClientId { get; }

    /// <summary>Protocol version.</summary>
    public ProtocolVersion Version { get; }

    /// <summary>Whether QoS 1 and 2 messages come from the session's log.</summary>
    public bool IsPersistent { get; }

    /// <summary>What it may do; null where everybody may have everything.</summary>
    public ClientPermissions? Permissions { get; init; }

    /// <summary>What is left out at the beginning of topics; null for nothing.</summary>
    public MountPoint? Mount { get; init; }

    /// <summary>Bytes on their way to the client.</summary>
    public Outbox Outbox { get; }

    /// <summary>Receive Maximum in force towards the client.</summary>
    public int ReceiveMaximum => _receiveMaximum;

    /// <summary>Bytes that wait for the client: of packets that its socket has not taken, and of messages in its queue.</summary>
    public long WaitingBytes
    {
        get { lock (Outbox.Gate) return Outbox.PendingBytes + _queuedBytes; }
    }

    /// <summary>Largest packet that the client takes, bytes.</summary>
    public uint MaximumPacketSize => _maximumPacketSize;

    /// <summary>Told what the client did with messages of the session's log; calls back when that is recorded or could not be.</summary>
    public Action<Sessions.SessionOperation, Action<Exception?>>? Operated { get; set; }

    /// <summary>Told that something the client did could not be recorded: the connection must end, so that the messages come again [MQTT-4.8.0-2 of 3.1.1].</summary>
    public Action? Unrecorded { get; set; }

    /// <summary>Told that the client's queue is full and the policy is to disconnect it.</summary>
    public Action? Overflowed { get; set; }

    /// <summary>Sends CONNACK; what is delivered before it does not reach the client [MQTT-3.2.0-1]. Inside a <see cref="DeliveryBatch"/>.</summary>
    public void Open(ReadOnlySpan<byte> connAck)
    {
        lock (Outbox.Gate)
        {
            if (_closed || _parted) return;
            Outbox.Write(connAck);
            Outbox.Mark();
            _open = true;
        }
    }

    /// <summary>Sends a message, or queues or drops it. Inside a <see cref="DeliveryBatch"/>.</summary>
    public void Deliver(ref Fanout fanout, QualityOfService qos, bool retain, uint[] identifiers, SharedGroupKey? group = null)
    {
        lock (Outbox.Gate)
        {
            if (!_open) return;
            if (fanout.View.Retain) _live?.Add(fanout.View.Topic);
            if (Permissions?.MayReceive(fanout.View.Topic) == false)
            {
                Drop(DropReason.NotAuthorized, fanout.View.Topic);
            }
            else if (qos == QualityOfService.AtMostOnce)
            {
                if (Outbox.PendingBytes > Limits.MaxOutboxBytes) Drop(DropReason.SlowConsumer, fanout.View.Topic);
                else if (Write(ref fanout, 0, qos, retain, identifiers)) CountSent();
            }
            else if (_queue is { Count: > 0 } || !CanSend)
            {
                Enqueue(new QueuedMessage(fanout.View.ToMessage(), qos, retain, identifiers, group));
            }
            else
            {
                Send(ref fanout, qos, retain, identifiers, group);
            }
        }
    }

    /// <summary>
    /// Delivers a message of a shared group, or returns false, so that the group may try another member: when the client is too slow or its
    /// queue full, and without <paramref name="mayWait"/> also when the message would have to wait in the queue.
    /// </summary>
    public bool TryDeliverShared(ref Fanout fanout, QualityOfService qos, bool retain, uint[] identifiers, SharedGroupKey group, bool mayWait)
    {
        lock (Outbox.Gate)
        {
            if (!_open || Outbox.PendingBytes > Limits.MaxOutboxBytes) return false;
            // Found by a route of an earlier, clean session of the client: the packet identifiers of this one belong to its log.
            if (IsPersistent && qos != QualityOfService.AtMostOnce) return false;
            if (Permissions?.MayReceive(fanout.View.Topic) == false) return false;
            var waiting = _queue?.Count ?? 0;
            if (qos != QualityOfService.AtMostOnce && (waiting > 0 || !CanSend) && (!mayWait || waiting >= Limits.Session.MaxQueuedMessages || _queuedBytes >= Limits.Session.MaxQueuedBytes)) return false;
            Deliver(ref fanout, qos, retain, identifiers, group);
            return true;
        }
    }

    /// <summary>Writes a packet that is no PUBLISH. Inside a <see cref="DeliveryBatch"/>.</summary>
    public void Write(ReadOnlySpan<byte> packet)
    {
        lock (Outbox.Gate)
        {
            if (!_open || packet.Length > _maximumPacketSize) return; // [MQTT-3.1.2-24]
            Outbox.Write(packet);
            Outbox.Mark();
        }
    }

    /// <summary>Writes DISCONNECT, the last packet: nothing follows it [MQTT-3.14.4-1], and without CONNACK before it there is neither [MQTT-3.14.0-1]. Inside a <see cref="DeliveryBatch"/>.</summary>
    public void Farewell(ReadOnlySpan<byte> disconnect)
    {
        lock (Outbox.Gate)
        {
            Write(disconnect);
            (_open, _parted) = (false, true);
        }
    }

    /// <summary>Writes a PUBACK, PUBREC, PUBREL or PUBCOMP. Inside a <see cref="DeliveryBatch"/>.</summary>
    public void WriteAcknowledgement(PacketType type, ushort packetId, ReasonCode reason = ReasonCode.Success)
    {
        lock (Outbox.Gate)
        {
            if (!_open) return;
            Outbox.Advance(AcknowledgementEncoder.Write(Outbox.GetSpan(AcknowledgementEncoder.MaximumLength), type, packetId, reason, Version));
            Outbox.Mark();
        }
    }

    private bool CanSend => _window.Count < _receiveMaximum && _window.HasRoom && Outbox.PendingBytes <= Limits.MaxOutboxBytes;

    private void Send(ref Fanout fanout, QualityOfService qos, bool retain, uint[] identifiers, SharedGroupKey? group)
    {
        var state = qos == QualityOfService.AtLeastOnce ? InflightState.AwaitingPubAck : InflightState.AwaitingPubRec;
        var packetId = PacketIdentifiers.Of(_window.NextSequence);
        if (!Write(ref fanout, packetId, qos, retain, identifiers)) return;
        _window.Add(state, new InflightMessage(group is null ? null : fanout.View.ToMessage(), group, -1));
        CountSent();
    }

    private void Enqueue(QueuedMessage message)
    {
        var queue = _queue ??= new Queue<QueuedMessage>();
        var session = Limits.Session;
        while (queue.Count > 0 && (queue.Count >= session.MaxQueuedMessages || _queuedBytes + message.Message.Size > session.MaxQueuedBytes))
        {
            if (session.WhenFull == Sessions.QueueFullPolicy.DropOldest)
            {
                var oldest = queue.Dequeue().Message;
                _queuedBytes -= oldest.Size;
                _metrics.CountWaiting(-1);
                _metrics.CountDropped(DropReason.QueueFull, oldest.Topic, ClientId);
                continue;
            }
            if (session.WhenFull == Sessions.QueueFullPolicy.Disconnect) Overflowed?.Invoke();
            Drop(DropReason.QueueFull, message.Message.Topic);
            return;
        }
        queue.Enqueue(message);
        _queuedBytes += message.Message.Size;
        _metrics.CountCopies(1, 0);
        _metrics.CountWaiting(1);
    }

    // Returns false when the packet is too large for the client: then it counts as done [MQTT-3.1.2-25].
    private bool Write(ref Fanout fanout, ushort packetId, QualityOfService qos, bool retain, uint[] identifiers, bool duplicate = false)
    {
        if (_aliases is null && identifiers.Length == 0 && Mount is null)
        {
            var packet = fanout.Encode(Version, qos, retain, out var offset);
            if (packet.IsEmpty || packet.Length > _maximumPacketSize) return Drop(DropReason.PacketTooLarge, fanout.View.Topic);
            var destination = Outbox.GetSpan(packet.Length);
            packet.CopyTo(destination);
            if (duplicate) destination[0] |= 0b1000;
            if (packetId != 0) System.Buffers.Binary.BinaryPrimitives.WriteUInt16BigEndian(destination[offset..], packetId);
            Outbox.Advance(packet.Length);
        }
        else
        {
            if (!_isV5) identifiers = [];
            ref var view = ref fanout.View;
            var topic = Mount is null ? view.Topic : Mount.Remove(view.Topic);
            var expiry = fanout.Remaining;
            var length = PublishEncoder.Measure(Version, qos, topic.Length, 0, expiry is not null, identifiers, view.Properties.Length, view.Payload.Length);
            // An alias adds at most three bytes; a packet so close to the client's limit goes without one.
            if (length > _maximumPacketSize) return Drop(DropReason.PacketTooLarge, fanout.View.Topic);
            var known = false;
            var alias = _aliases is null || length + 8 > _maximumPacketSize ? (ushort)0 : _aliases.Assign(topic, out known);
            var written = PublishEncoder.Write(
                Outbox.GetSpan((int)length + 8), Version, qos, retain, duplicate, known ? default : topic, packetId, alias, expiry, identifiers, view.Properties, view.Payload);
            Outbox.Advance(written);
        }
        Outbox.EndMessage();
        Outbox.Mark();
        return true;
    }

    private bool Drop(DropReason reason, ReadOnlySpan<byte> topic)
    {
        _metrics.CountCopies(1, 0);
        _metrics.CountDropped(reason, topic, ClientId);
        return false;
    }

    private void CountSent() => _metrics.CountCopies(1, 1);
}
