using OrleansMqtt.Protocol.Codec;
using OrleansMqtt.Protocol.Connections;
using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.Benchmarks.Codec;

/// <summary>The owner of a server machine that lets everything pass and does nothing with it.</summary>
internal class IdleHandler : IServerConnectionHandler
{
    /// <summary>A machine that has accepted a client and reads on.</summary>
    public ServerConnection Connect(ProtocolVersion version)
    {
        var connection = new ServerConnection(new ServerConnectionOptions(), this);
        var connect = PacketEncoder.Encode(new ConnectPacket { Version = version, ClientId = "publisher", CleanStart = true }, version);
        Receive(connection, connect);
        connection.Accept();
        return connection;
    }

    /// <summary>Hands whole packets to a machine.</summary>
    public static void Receive(ServerConnection connection, byte[] packets)
    {
        var input = new System.Buffers.ReadOnlySequence<byte>(packets);
        if (connection.Receive(ref input) is { } error) throw new InvalidOperationException(error.ToString());
        if (!input.IsEmpty) throw new InvalidOperationException("Not all packets were read.");
    }

    /// <inheritdoc/>
    public ProtocolError? OnConnect(ConnectPacket packet) => null;

    /// <inheritdoc/>
    public virtual ProtocolError? OnPublish(in PublishFrame publish) => null;

    /// <inheritdoc/>
    public ProtocolError? OnAcknowledgement(PacketType type, ushort packetId, ReasonCode reason) => null;

    /// <inheritdoc/>
    public ProtocolError? OnRelease(ushort packetId, ReasonCode reason) => null;

    /// <inheritdoc/>
    public ProtocolError? OnSubscribe(SubscribePacket packet) => null;

    /// <inheritdoc/>
    public ProtocolError? OnUnsubscribe(UnsubscribePacket packet) => null;

    /// <inheritdoc/>
    public void OnPing()
    {
    }

    /// <inheritdoc/>
    public ProtocolError? OnAuthenticate(AuthPacket packet) => null;

    /// <inheritdoc/>
    public ProtocolError? OnDisconnect(DisconnectPacket packet) => null;

    /// <inheritdoc/>
    public void OnTolerated(Tolerance tolerance)
    {
    }
}
