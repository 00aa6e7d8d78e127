using System.Buffers.Binary;
using System.Text;
using OrleansMqtt.Cli.Bench.Measuring;
using OrleansMqtt.Protocol.Codec;
using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.Cli.Bench.Messages;

/// <summary>A publisher's PUBLISH, encoded once: each message is a copy with its own stamp and packet identifier.</summary>
internal sealed class PublishTemplate
{
    private readonly byte[] _packet;
    private readonly int _identifierAt;
    private readonly int _payloadAt;

    /// <summary>Encodes the template.</summary>
    /// <param name="version">Version of the connection.</param>
    /// <param name="qos">QoS of the messages.</param>
    /// <param name="topic">Topic name.</param>
    /// <param name="payload">Payload; its beginning is overwritten by stamps.</param>
    public PublishTemplate(ProtocolVersion version, QualityOfService qos, string topic, ReadOnlySpan<byte> payload)
    {
        var name = Encoding.UTF8.GetBytes(topic);
        _packet = new byte[PublishEncoder.GetLength(version, qos, name.Length, 0, false, [], 0, payload.Length)];
        PublishEncoder.Write(_packet, version, qos, false, false, name, 1, 0, null, [], [], payload, out _identifierAt);
        _payloadAt = _packet.Length - payload.Length;
    }

    /// <summary>Bytes of each packet.</summary>
    public int Length => _packet.Length;

    /// <summary>Writes one message.</summary>
    /// <param name="destination">At least <see cref="Length"/> bytes.</param>
    /// <param name="packetId">Packet identifier; ignored at QoS 0.</param>
    /// <param name="stamp">Begins the payload.</param>
    public void Write(Span<byte> destination, ushort packetId, MessageStamp stamp)
    {
        _packet.CopyTo(destination);
        if (_identifierAt >= 0) BinaryPrimitives.WriteUInt16BigEndian(destination[_identifierAt..], packetId);
        stamp.Write(destination[_payloadAt..]);
    }
}
