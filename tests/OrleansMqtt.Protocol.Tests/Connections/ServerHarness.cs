using System.Buffers;
using System.Text;
using OrleansMqtt.Protocol.Codec;
using OrleansMqtt.Protocol.Connections;
using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.Protocol.Tests.Connections;

/// <summary>A server machine whose owner writes down what it is told.</summary>
internal sealed class ServerHarness : IServerConnectionHandler
{
    private readonly ProtocolVersion _version;
    private byte[] _rest = [];

    public ServerHarness(ServerConnectionOptions? options = null, ProtocolVersion version = ProtocolVersion.V50) =>
        (_version, Connection) = (version, new ServerConnection(options ?? new ServerConnectionOptions(), this));

    public ServerConnection Connection { get; }

    /// <summary>What was told, in short: <c>CONNECT c</c>, <c>PUBLISH t payload</c>, <c>SUBSCRIBE 1</c>.</summary>
    public List<string> Told { get; } = [];

    /// <summary>What the owner answers to the next report.</summary>
    public ProtocolError? Answer { get; set; }

    /// <summary>Called after each PUBLISH.</summary>
    public Action? Published { get; set; }

    /// <summary>Called after each SUBSCRIBE.</summary>
    public Action? Subscribed { get; set; }

    public static ServerHarness Connected(ServerConnectionOptions? options = null, ProtocolVersion version = ProtocolVersion.V50)
    {
        var harness = new ServerHarness(options, version);
        harness.Receive(new ConnectPacket { Version = version, ClientId = "c", CleanStart = true });
        harness.Connection.Accept();
        harness.Told.Clear();
        return harness;
    }

    public ProtocolError? Receive(params Packet[] packets) => Receive(packets.SelectMany(p => PacketEncoder.Encode(p, _version)).ToArray());

    /// <summary>Hands the bytes over behind those that were left unread.</summary>
    public ProtocolError? Receive(params byte[] bytes) => Receive(new ReadOnlySequence<byte>([.. _rest, .. bytes]));

    public ProtocolError? Receive(ReadOnlySequence<byte> input)
    {
        var error = Connection.Receive(ref input);
        _rest = input.ToArray();
        return error;
    }

    /// <summary>Bytes not read yet.</summary>
    public int Unread => _rest.Length;

    /// <summary>Takes them, to hand them over again.</summary>
    public byte[] TakeUnread()
    {
        var rest = _rest;
        _rest = [];
        return rest;
    }

    public ProtocolError? OnConnect(ConnectPacket packet) => Tell($"CONNECT {packet.ClientId}");

    public ProtocolError? OnPublish(in PublishFrame publish)
    {
        var error = Tell($"PUBLISH {Encoding.UTF8.GetString(publish.Topic)} {Encoding.UTF8.GetString(publish.Payload)}");
        Published?.Invoke();
        return error;
    }

    public ProtocolError? OnAcknowledgement(PacketType type, ushort packetId, ReasonCode reason) => Tell($"{type} {packetId} 0x{(byte)reason:X2}");

    public ProtocolError? OnRelease(ushort packetId, ReasonCode reason) => Tell($"PubRel {packetId} 0x{(byte)reason:X2}");

    public ProtocolError? OnSubscribe(SubscribePacket packet)
    {
        var error = Tell($"SUBSCRIBE {packet.PacketId}");
        Subscribed?.Invoke();
        return error;
    }

    public ProtocolError? OnUnsubscribe(UnsubscribePacket packet) => Tell($"UNSUBSCRIBE {packet.PacketId}");

    public void OnPing() => Tell("PING");

    public ProtocolError? OnAuthenticate(AuthPacket packet) => Tell($"AUTH {packet.ReasonCode}");

    public ProtocolError? OnDisconnect(DisconnectPacket packet) => Tell($"DISCONNECT 0x{(byte)packet.ReasonCode:X2}");

    public void OnTolerated(Tolerance tolerance) => Tell($"tolerated {tolerance}");

    private ProtocolError? Tell(string what)
    {
        Told.Add(what);
        return Answer;
    }
}
