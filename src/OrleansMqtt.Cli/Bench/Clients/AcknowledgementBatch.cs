using OrleansMqtt.Protocol.Codec;
using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.Cli.Bench.Clients;

/// <summary>Acknowledgements that leave in one write.</summary>
/// <param name="version">Version of the connection.</param>
internal sealed class AcknowledgementBatch(ProtocolVersion version)
{
    private byte[] _bytes = [];
    private int _length;

    /// <summary>Adds one.</summary>
    public void Add(PacketType type, ushort packetId)
    {
        if (_length + AcknowledgementEncoder.MaximumLength > _bytes.Length) Array.Resize(ref _bytes, Math.Max(256, 2 * _bytes.Length));
        _length += AcknowledgementEncoder.Write(_bytes.AsSpan(_length), type, packetId, ReasonCode.Success, version);
    }

    /// <summary>Sends those added since the last time.</summary>
    public void Send(SendBuffer outgoing)
    {
        if (_length == 0) return;
        outgoing.Send(_bytes.AsSpan(0, _length));
        _length = 0;
    }
}
