using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.PromiseCheck.Sessions;

/// <summary>
/// What a publisher keeps from one connection to the next: its unacknowledged messages under their packet identifiers. No I/O. The
/// checker has its own rather than the client machine of Protocol, since it must tell PUBREC from PUBCOMP, and since a judge should not
/// share its state keeping with those who are judged.
/// </summary>
/// <param name="window">Most messages under way, whatever the broker allows.</param>
internal sealed class PublisherSession(int window)
{
    private readonly List<OutboundMessage> _underWay = []; // In the order of first sending.
    private readonly List<OutboundMessage> _released = []; // Those with PUBREC, in the order of the PUBRECs.
    private readonly Queue<OutboundMessage> _unsent = new(); // Still to be repeated on this connection.
    private ushort _lastIdentifier;
    private int _limit; // 0 before the first connection.

    /// <summary>Whether nothing is unacknowledged.</summary>
    public bool IsEmpty => _underWay.Count == 0;

    /// <summary>Whether one more message may be sent for the first time [MQTT-4.9.0-2]: not before all repetitions are out.</summary>
    public bool HasRoom => _unsent.Count == 0 && _underWay.Count < _limit;

    /// <summary>Begins a connection that goes on with the session.</summary>
    /// <param name="receiveMaximum">What the broker takes unacknowledged at a time.</param>
    public void Resume(ushort receiveMaximum)
    {
        _limit = Math.Min(window, receiveMaximum);
        _unsent.Clear();
        foreach (var message in _released) _unsent.Enqueue(message); // [MQTT-4.6.0-4]
        foreach (var message in _underWay.Where(static m => !m.IsReleased)) _unsent.Enqueue(message); // [MQTT-4.6.0-1]
    }

    /// <summary>Begins a connection to a broker that has no session: what was under way is given up.</summary>
    /// <returns>What was under way.</returns>
    public IReadOnlyList<OutboundMessage> Lose(ushort receiveMaximum)
    {
        OutboundMessage[] given = [.. _underWay];
        _underWay.Clear();
        _released.Clear();
        Resume(receiveMaximum);
        return given;
    }

    /// <summary>The next message to repeat on this connection, or null: PUBREL always, PUBLISH as the receive maximum allows.</summary>
    public OutboundMessage? NextToRepeat()
    {
        while (_unsent.TryPeek(out var message))
        {
            var isFinished = !_underWay.Contains(message);
            var takenPlaces = _underWay.Count - _unsent.Count(m => !m.IsReleased && _underWay.Contains(m));
            if (!isFinished && !message.IsReleased && takenPlaces >= _limit) return null;
            _unsent.Dequeue();
            if (!isFinished) return message;
        }

        return null;
    }

    /// <summary>Takes up a new message.</summary>
    /// <exception cref="InvalidOperationException">There is no room.</exception>
    public OutboundMessage Start(string topic, QualityOfService qos, bool retain, ReadOnlyMemory<byte> payload, string value)
    {
        if (!HasRoom) throw new InvalidOperationException("The window is full.");
        var packet = new PublishPacket { Topic = topic, QoS = qos, Retain = retain, Payload = payload, PacketId = TakeIdentifier() };
        var message = new OutboundMessage(packet, value);
        _underWay.Add(message);
        return message;
    }

    /// <summary>Takes in PUBACK, PUBREC or PUBCOMP.</summary>
    public AcknowledgementStep Acknowledge(AcknowledgementPacket packet)
    {
        var message = _underWay.Find(m => m.Packet.PacketId == packet.PacketId);
        var isExactlyOnce = message?.Packet.QoS == QualityOfService.ExactlyOnce;
        switch (packet.Type)
        {
            case PacketType.PubAck when message is not null && !isExactlyOnce:
            case PacketType.PubRec when isExactlyOnce && !message!.IsReleased && packet.ReasonCode.IsFailure():
                _underWay.Remove(message!);
                return new(packet.ReasonCode.IsFailure() ? AcknowledgementEffect.Rejected : AcknowledgementEffect.Acknowledged, message, null);
            case PacketType.PubRec when isExactlyOnce && !message!.IsReleased:
                message.IsReleased = true;
                _released.Add(message);
                return new(AcknowledgementEffect.Acknowledged, message, Release(packet.PacketId)); // [MQTT-4.3.3-4]
            case PacketType.PubRec when isExactlyOnce:
                return new(AcknowledgementEffect.None, message, Release(packet.PacketId));
            case PacketType.PubRec when message is null && !packet.ReasonCode.IsFailure():
                return new(AcknowledgementEffect.None, null, Release(packet.PacketId, ReasonCode.PacketIdentifierNotFound));
            case PacketType.PubComp when message is { IsReleased: true }:
                _underWay.Remove(message);
                _released.Remove(message);
                return new(AcknowledgementEffect.Completed, message, null);
            case PacketType.PubAck or PacketType.PubRec or PacketType.PubComp when message is null:
                return new(AcknowledgementEffect.None, null, null);
            default:
                return new(AcknowledgementEffect.Violation, message, null);
        }
    }

    private static AcknowledgementPacket Release(ushort packetId, ReasonCode reason = ReasonCode.Success) =>
        new(PacketType.PubRel) { PacketId = packetId, ReasonCode = reason };

    private ushort TakeIdentifier()
    {
        do
        {
            _lastIdentifier = _lastIdentifier == ushort.MaxValue ? (ushort)1 : (ushort)(_lastIdentifier + 1);
        }
        while (_underWay.Exists(m => m.Packet.PacketId == _lastIdentifier)); // [MQTT-2.2.1-3]

        return _lastIdentifier;
    }
}
