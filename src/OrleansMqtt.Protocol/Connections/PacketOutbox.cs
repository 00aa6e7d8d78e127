using System.Buffers;
using OrleansMqtt.Protocol.Codec;
using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.Protocol.Connections;

/// <summary>The bytes that a machine wants sent, until the shell fetches them.</summary>
internal sealed class PacketOutbox
{
    private readonly ArrayBufferWriter<byte> _bytes = new();

    public int Length => _bytes.WrittenCount;

    public void Write(Packet packet, ProtocolVersion version) => PacketEncoder.Encode(_bytes, packet, version);

    public byte[] Take()
    {
        var taken = _bytes.WrittenSpan.ToArray();
        _bytes.ResetWrittenCount();
        return taken;
    }

    public void MoveTo(IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(output);
        output.Write(_bytes.WrittenSpan);
        _bytes.ResetWrittenCount();
    }

    /// <summary>Forgets what was not fetched: it belonged to a connection that is gone.</summary>
    public void Clear() => _bytes.ResetWrittenCount();
}
