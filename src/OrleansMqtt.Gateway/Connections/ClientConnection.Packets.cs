using OrleansMqtt.Gateway.Publishing;
using OrleansMqtt.Protocol.Codec;
using OrleansMqtt.Protocol.Connections;
using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.Gateway.Connections;

// What the protocol machine reports while it reads.
internal sealed partial class ClientConnection : IServerConnectionHandler
{
    private const int MaximumSeries = 32;

    private static ReadOnlySpan<byte> PingResponse => [0xD0, 0x00];

    /// <inheritdoc/>
    public ProtocolError? OnConnect(ConnectPacket packet)
    {
        LeaveHalfOpen();
        _waiting = packet;
        return null;
    }

    /// <inheritdoc/>
    public ProtocolError? OnPublish(in PublishFrame publish)
    {
        var receiver = _publishes ??= new PublishReceiver(this, _context);
        var error = Mount is null ? receiver.Receive(in publish) : ReceiveMounted(receiver, in publish);
        if (error is null && (!receiver.HasRoom || receiver.AwaitsDecision)) _protocol.Pause();
        return error;
    }

    private ProtocolError? ReceiveMounted(PublishReceiver receiver, in PublishFrame publish)
    {
        var topic = Mount!.Add(publish.Topic);
        if (topic.IsEmpty) return new ProtocolError(ReasonCode.TopicNameInvalid, "its topic is too long behind the mount point");
        var mounted = publish.WithTopic(topic);
        return receiver.Receive(in mounted);
    }

    /// <inheritdoc/>
    public ProtocolError? OnAcknowledgement(PacketType type, ushort packetId, ReasonCode reason)
    {
        Subscriber!.Acknowledge(type, packetId, reason);
        return null;
    }

    /// <inheritdoc/>
    public ProtocolError? OnRelease(ushort packetId, ReasonCode reason)
    {
        (_publishes ??= new PublishReceiver(this, _context)).Release(packetId);
        return null;
    }

    /// <inheritdoc/>
    public ProtocolError? OnSubscribe(SubscribePacket packet)
    {
        // Clients with many filters send one SUBSCRIBE behind the other: those that have come already are carried out together.
        (_subscribes ??= []).Add(packet);
        if (_subscribes.Count < MaximumSeries) _protocol.PauseBehindSeries(PacketType.Subscribe);
        else _protocol.Pause();
        return null;
    }

    /// <inheritdoc/>
    public ProtocolError? OnUnsubscribe(UnsubscribePacket packet)
    {
        _waiting = packet;
        _protocol.Pause();
        return null;
    }

    /// <inheritdoc/>
    public void OnPing() => Subscriber!.Write(PingResponse); // [MQTT-3.12.4-1]

    /// <inheritdoc/>
    public ProtocolError? OnDisconnect(DisconnectPacket packet)
    {
        // [MQTT-3.14.2-2]: what was 0 at CONNECT must stay 0.
        if (packet.SessionExpiryInterval is > 0 && _wishedExpiry == 0)
            return new ProtocolError(ReasonCode.ProtocolError, "DISCONNECT sets a session expiry that was 0 at CONNECT");
        _goodbye = packet;
        return null;
    }

    /// <inheritdoc/>
    public void OnTolerated(Tolerance tolerance)
    {
        _context.Metrics.CountTolerated();
        LogTolerated(_context.Logger, LogName, Remote, tolerance);
    }
}
