using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.Protocol.Connections;

/// <summary>
/// The QoS 1 and 2 messages that one side sends within a session: those under way, and those that wait for the window. Part of the
/// session: it outlives the connection. Serves the client machine and, on the broker's side, a session.
/// </summary>
/// <param name="identifiers">Where packet identifiers come from.</param>
internal sealed class ClientInflight(ClientPacketIdentifiers identifiers)
{
    private readonly Dictionary<ushort, ClientInflightMessage> _underWay = [];
    private readonly Queue<ClientInflightMessage> _unsent = new(); // Under way since an earlier connection, not yet repeated on this one.
    private readonly Queue<ClientInflightMessage> _waiting = new();
    private long _lastTicket;
    private long _lastRelease;
    private int _windowUsed;
    private int _windowSize;

    /// <summary>Messages sent at least once and not yet acknowledged.</summary>
    public int UnderWayCount => _underWay.Count;

    /// <summary>Messages never sent so far.</summary>
    public int WaitingCount => _waiting.Count;

    /// <summary>Accepts a message; <see cref="SendNext"/> sends it when it is its turn.</summary>
    /// <returns>A number that stands for it, larger than any before.</returns>
    public long Add(PublishPacket message)
    {
        _waiting.Enqueue(new ClientInflightMessage(++_lastTicket, message));
        return _lastTicket;
    }

    /// <summary>Starts on a connection whose peer takes <paramref name="receiveMaximum"/> unacknowledged messages at a time.</summary>
    /// <returns>The identifiers whose PUBREL to repeat, in the order of their PUBRECs [MQTT-4.4.0-1] [MQTT-4.6.0-4].</returns>
    public IReadOnlyList<ushort> Resume(ushort receiveMaximum)
    {
        _unsent.Clear();
        foreach (var message in _underWay.Values.Where(message => !message.IsReleased).OrderBy(message => message.Ticket))
        {
            message.IsInWindow = false;
            _unsent.Enqueue(message); // In the order of first sending [MQTT-4.6.0-1].
        }

        var released = _underWay.Values.Where(message => message.IsReleased).OrderBy(message => message.ReleaseOrder).ToList();
        released.ForEach(message => message.IsInWindow = true);
        _windowSize = receiveMaximum;
        _windowUsed = released.Count;
        return [.. released.Select(message => message.PacketId)];
    }

    /// <summary>Drops what was under way: the peer has forgotten the session. What was never sent stays.</summary>
    public IReadOnlyList<ClientInflightMessage> Discard()
    {
        var lost = _underWay.Values.OrderBy(message => message.Ticket).ToList();
        lost.ForEach(message => identifiers.Release(message.PacketId));
        _underWay.Clear();
        return lost;
    }

    /// <summary>The next message that the window allows to be sent [MQTT-4.9.0-2], as the packet to send; null if there is none.</summary>
    public PublishPacket? SendNext()
    {
        while (_windowUsed < _windowSize && _unsent.TryDequeue(out var message))
        {
            // Unless an acknowledgement that was on its way made it superfluous.
            if (_underWay.ContainsKey(message.PacketId) && !message.IsReleased)
            {
                return Send(message, duplicate: true); // [MQTT-3.3.1-1]
            }
        }

        if (_windowUsed < _windowSize && _waiting.Count > 0 && identifiers.TryTake(out var identifier))
        {
            var message = _waiting.Dequeue();
            message.PacketId = identifier;
            _underWay.Add(identifier, message);
            return Send(message, duplicate: false);
        }

        return null;
    }

    /// <summary>Takes back a message that <see cref="SendNext"/> gave out and that cannot be sent.</summary>
    public ClientInflightMessage Withdraw(ushort packetId) => Remove(_underWay[packetId]);

    /// <summary>Takes in PUBACK, PUBREC or PUBCOMP.</summary>
    public ClientInflightStep Acknowledge(AcknowledgementPacket packet, out ClientInflightMessage? message)
    {
        if (!_underWay.TryGetValue(packet.PacketId, out message))
        {
            return ClientInflightStep.Unknown;
        }

        var isExactlyOnce = message.Message.QoS == QualityOfService.ExactlyOnce;
        switch (packet.Type)
        {
            case PacketType.PubAck when !isExactlyOnce:
            case PacketType.PubRec when isExactlyOnce && !message.IsReleased && packet.ReasonCode.IsFailure():
            case PacketType.PubComp when message.IsReleased:
                Remove(message);
                return ClientInflightStep.Finished;
            case PacketType.PubRec when isExactlyOnce:
                Release(message);
                return ClientInflightStep.Release;
            default:
                return ClientInflightStep.Violation;
        }
    }

    private PublishPacket Send(ClientInflightMessage message, bool duplicate)
    {
        message.IsInWindow = true;
        _windowUsed++;
        return message.Message.With(message.Message.QoS, message.Message.Retain, message.PacketId, duplicate);
    }

    private void Release(ClientInflightMessage message)
    {
        if (message.IsReleased)
        {
            return;
        }

        message.IsReleased = true;
        message.ReleaseOrder = ++_lastRelease;
        if (!message.IsInWindow)
        {
            message.IsInWindow = true;
            _windowUsed++;
        }
    }

    private ClientInflightMessage Remove(ClientInflightMessage message)
    {
        _underWay.Remove(message.PacketId);
        identifiers.Release(message.PacketId);
        _windowUsed -= message.IsInWindow ? 1 : 0;
        message.IsInWindow = false;
        return message;
    }
}
