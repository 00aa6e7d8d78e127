using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;
using System.Text;
using OrleansMqtt.Gateway.Hooks;
using OrleansMqtt.Gateway.Hosting;
using OrleansMqtt.Protocol.Codec;
using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.Gateway.Faults;

/// <summary>
/// Does on one connection what its profile says, and writes it down. The broker answers as ever; what is wrong comes of changing, delaying and cutting its packets, byte by byte as curl's MQTT test server has them.
/// </summary>
/// <param name="misconduct">What is done wrong.</param>
/// <param name="transcript">Where every packet is written down; null: nowhere.</param>
/// <param name="client">What goes to the client.</param>
internal sealed class FaultInjector(Misconduct misconduct, Transcript? transcript, PipeWriter client) : IFrameInterceptor
{
    /// <summary>How many SUBACKs may wait for a PUBLISH; the connection of a client that goes on subscribing ends.</summary>
    internal const int MostHeld = 1000;

    private readonly FaultProfile _profile = misconduct.Profile;
    private readonly List<ReadOnlyMemory<byte>> _held = [];
    private ProtocolVersion _version = ProtocolVersion.V311;
    private volatile string? _filter;

    private static ReadOnlySpan<byte> NoRemainingLength => [0xFF, 0xFF, 0xFF, 0x80];

    private static ReadOnlySpan<byte> Malformed => [0xE0, 0x02, 0x00, 0x00];

    /// <inheritdoc/>
    public ValueTask<bool> OnFrameAsync(PacketDirection direction, ReadOnlyMemory<byte> frame, IBufferWriter<byte> onward, CancellationToken ended)
    {
        var header = HeaderOf(frame.Span);
        return direction == PacketDirection.Received ? ReceiveAsync(header, frame, onward) : new(Send(header.Type, frame, onward));
    }

    private async ValueTask<bool> ReceiveAsync(FrameHeader header, ReadOnlyMemory<byte> frame, IBufferWriter<byte> onward)
    {
        transcript?.WriteReceived(header, frame.Span);
        var body = frame[header.HeaderLength..];
        if (header.Type == PacketType.Connect)
        {
            var level = LevelOf(body.Span);
            _version = level switch { 5 => ProtocolVersion.V50, 3 => ProtocolVersion.V31, _ => ProtocolVersion.V311 };
            if (_profile.Version is { } expected && level != expected) return false;
            if (_profile.ErrorConnAck > 0)
            {
                // The broker has nothing to send yet: it hears of no CONNECT, so that nobody's session ends and no will is published for a client that is refused.
                await client.WriteAsync(Refusal(), CancellationToken.None);
                return false;
            }
        }
        else if (header.Type == PacketType.Subscribe && misconduct.Reply is not null)
        {
            _filter ??= FilterOf(header, body.Span);
        }
        onward.Write(frame.Span);
        return true;
    }

    // The byte behind the protocol's name; null where there is none.
    private static byte? LevelOf(ReadOnlySpan<byte> connect)
    {
        if (connect.Length < 2) return null;
        var end = 2 + BinaryPrimitives.ReadUInt16BigEndian(connect);
        return end < connect.Length ? connect[end] : null;
    }

    private string? FilterOf(FrameHeader header, ReadOnlySpan<byte> body) =>
        PacketDecoder.Decode(header.FirstByte, body, _version, out var packet) is null && packet is SubscribePacket { Subscriptions: [var first, ..] } ? first.Filter : null;

    private byte[] Refusal()
    {
        var code = _profile.ErrorConnAck;
        byte[] packet = _version == ProtocolVersion.V50
            ? PacketEncoder.Encode(new ConnAckPacket { ReasonCode = ReasonOf(code) }, _version)
            : [0x20, 0x02, 0x00, code];
        return ConnAck(packet);
    }

    private static ReasonCode ReasonOf(byte code) => code > (byte)ConnectReturnCode.NotAuthorized && ReasonCodes.IsAllowed(PacketType.ConnAck, (ReasonCode)code)
        ? (ReasonCode)code
        : ReasonCodes.FromConnectReturnCode((ConnectReturnCode)code);

    private bool Send(PacketType type, ReadOnlyMemory<byte> packet, IBufferWriter<byte> onward)
    {
        switch (type)
        {
            case PacketType.ConnAck:
                onward.Write(ConnAck(packet.ToArray()));
                return true;
            case PacketType.SubAck:
                return Answer(packet, onward);
            case PacketType.Publish:
                return Publish(packet.Span, onward);
            case PacketType.Disconnect:
                Disconnect(packet.Span, onward);
                return true;
            default:
                Pass(packet.Span, onward);
                return true;
        }
    }

    private byte[] ConnAck(byte[] packet)
    {
        var header = HeaderOf(packet);
        var remaining = header.BodyLength;
        if (_profile.ConnAckRemaining > 0)
        {
            remaining = _profile.ConnAckRemaining;
            packet = [packet[0], _profile.ConnAckRemaining, .. packet[header.HeaderLength..]];
        }
        if (_profile.PingRespAsConnAck) packet[0] = (byte)PacketType.PingResp << 4;
        transcript?.WriteSent(_profile.PingRespAsConnAck ? "PINGRESP-as-CONNACK" : Transcript.NameOf(header.Type), remaining, packet);
        return packet;
    }

    private bool Answer(ReadOnlyMemory<byte> subAck, IBufferWriter<byte> onward)
    {
        if (!_profile.PublishBeforeSubAck) Pass(subAck.Span, onward);
        else if (_held.Count < MostHeld) _held.Add(subAck);
        else return false;
        if (misconduct.Reply is null || _filter is null) return true;
        if (Publish(Encode(_filter, misconduct.Reply), onward)) Disconnect([(byte)PacketType.Disconnect << 4, 0], onward);
        return false;
    }

    // The encoder refuses a topic with wildcards: here it is the client that must.
    private byte[] Encode(string topic, ReadOnlySpan<byte> payload)
    {
        Span<byte> remaining = stackalloc byte[FrameHeader.MaximumLength - 1];
        var name = Encoding.UTF8.GetBytes(topic);
        ReadOnlySpan<byte> properties = _version == ProtocolVersion.V50 ? [0] : [];
        remaining = remaining[..VariableByteInteger.Write(remaining, (uint)(2 + name.Length + properties.Length + payload.Length))];
        return [(byte)PacketType.Publish << 4, .. remaining, (byte)(name.Length >> 8), (byte)name.Length, .. name, .. properties, .. payload];
    }

    private bool Publish(ReadOnlySpan<byte> packet, IBufferWriter<byte> onward)
    {
        var header = HeaderOf(packet);
        byte[] sent = _profile.ExcessiveRemaining ? [packet[0], .. NoRemainingLength, .. packet[header.HeaderLength..]] : packet.ToArray();
        if (_profile.ShortPublish) sent = sent[..^2];
        transcript?.WriteSent(Transcript.NameOf(header.Type), header.BodyLength, sent);
        onward.Write(sent);
        if (_profile.ShortPublish) return false;
        foreach (var held in _held) Pass(held.Span, onward);
        _held.Clear();
        return true;
    }

    private void Disconnect(ReadOnlySpan<byte> packet, IBufferWriter<byte> onward)
    {
        if (!_profile.MalformedDisconnect)
        {
            Pass(packet, onward);
            return;
        }
        transcript?.WriteSent("DISCONNECT-malformed", Malformed[1], Malformed);
        onward.Write(Malformed);
    }

    private void Pass(ReadOnlySpan<byte> packet, IBufferWriter<byte> onward)
    {
        var header = HeaderOf(packet);
        transcript?.WriteSent(Transcript.NameOf(header.Type), header.BodyLength, packet);
        onward.Write(packet);
    }

    // It is a packet: it has been cut out by its header, or encoded.
    private static FrameHeader HeaderOf(ReadOnlySpan<byte> packet)
    {
        FrameHeader.TryParse(packet, uint.MaxValue, out var header, out _);
        return header;
    }
}
