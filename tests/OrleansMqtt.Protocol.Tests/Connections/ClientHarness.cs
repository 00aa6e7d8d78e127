using System.Text;
using OrleansMqtt.Protocol.Codec;
using OrleansMqtt.Protocol.Connections;
using OrleansMqtt.Protocol.Packets;
using Xunit;

namespace OrleansMqtt.Protocol.Tests.Connections;

/// <summary>A client machine whose server is the test.</summary>
internal sealed class ClientHarness
{
    private readonly PacketFeed _sent = new();

    public ClientConnection Client { get; } = new();

    public static ClientHarness Connected(ConnectPacket? connect = null, ConnAckPacket? connAck = null)
    {
        var harness = new ClientHarness();
        harness.Connect(connect ?? new ConnectPacket { ClientId = "c" }, connAck ?? new ConnAckPacket());
        return harness;
    }

    public static ClientHarness Connected(ProtocolVersion version) => Connected(new ConnectPacket { ClientId = "c", Version = version });

    /// <summary>Connects and has the server accept; returns what came of it.</summary>
    public IReadOnlyList<ClientEvent> Connect(ConnectPacket connect, ConnAckPacket connAck)
    {
        Client.Connect(connect);
        Assert.IsType<ConnectPacket>(Assert.Single(Sent()));
        return Receive(connAck);
    }

    public IReadOnlyList<ClientEvent> Receive(params Packet[] packets) =>
        Client.ReceiveBytes(packets.SelectMany(packet => PacketEncoder.Encode(packet, Client.Version)).ToArray());

    public IReadOnlyList<ClientEvent> Receive(PacketType type, ushort packetId, ReasonCode reason = ReasonCode.Success) =>
        Receive(new AcknowledgementPacket(type) { PacketId = packetId, ReasonCode = reason });

    public T ReceiveOne<T>(params Packet[] packets)
        where T : ClientEvent => Assert.IsType<T>(Assert.Single(Receive(packets)));

    /// <summary>The packets that the client wrote since the last call.</summary>
    public List<Packet> Sent()
    {
        _sent.Append(Client.GetOutboundData());
        var packets = new List<Packet>();
        ProtocolError? error;
        while (_sent.TryRead(Client.Version, out var packet, out error))
        {
            packets.Add(packet!);
        }

        Assert.Null(error);
        return packets;
    }

    public T SentOne<T>()
        where T : Packet => Assert.IsType<T>(Assert.Single(Sent()));

    /// <summary>The packets written, in short: <c>PUBLISH 1 dup</c>, <c>PubRel 1</c>, <c>PubComp 1 PacketIdentifierNotFound</c>.</summary>
    public string SentInShort() => string.Join(", ", Sent().Select(InShort));

    public long Publish(string topic, QualityOfService qos = QualityOfService.AtLeastOnce)
    {
        var result = Client.Publish(Message(topic, qos));
        Assert.Null(result.Error);
        return result.Ticket;
    }

    public static PublishPacket Message(string topic, QualityOfService qos = QualityOfService.AtLeastOnce, ushort packetId = 0, bool duplicate = false) => new()
    {
        Topic = topic,
        QoS = qos,
        PacketId = packetId,
        Duplicate = duplicate,
        Payload = Encoding.UTF8.GetBytes(topic),
    };

    private static string InShort(Packet packet) => packet switch
    {
        PublishPacket publish => $"PUBLISH {publish.PacketId}{(publish.Duplicate ? " dup" : "")}",
        AcknowledgementPacket { ReasonCode: ReasonCode.Success } acknowledgement => $"{packet.Type} {acknowledgement.PacketId}",
        AcknowledgementPacket acknowledgement => $"{packet.Type} {acknowledgement.PacketId} {acknowledgement.ReasonCode}",
        DisconnectPacket disconnect => $"DISCONNECT {disconnect.ReasonCode}",
        _ => packet.Type.ToString(),
    };
}
