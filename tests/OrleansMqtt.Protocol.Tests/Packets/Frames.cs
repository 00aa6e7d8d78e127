using OrleansMqtt.Protocol.Codec;
using OrleansMqtt.Protocol.Packets;
using Xunit;

namespace OrleansMqtt.Protocol.Tests.Packets;

/// <summary>Decoding of whole packets as a connection does it: header first, then body.</summary>
internal static class Frames
{
    internal static ProtocolError? Decode(ReadOnlySpan<byte> bytes, ProtocolVersion version, out Packet? packet)
    {
        packet = null;
        var status = FrameHeader.TryParse(bytes, uint.MaxValue, out var header, out var error);
        if (status == FrameStatus.Invalid) return error;
        Assert.Equal(FrameStatus.Complete, status);
        Assert.Equal(bytes.Length, header.TotalLength);
        return PacketDecoder.Decode(header.FirstByte, bytes[header.HeaderLength..], version, out packet);
    }

    internal static Packet DecodeValid(ReadOnlySpan<byte> bytes, ProtocolVersion version)
    {
        var error = Decode(bytes, version, out var packet);
        Assert.Null(error);
        return packet!;
    }

    internal static void AssertRefused(ReasonCode reason, ReadOnlySpan<byte> bytes, ProtocolVersion version)
    {
        var error = Decode(bytes, version, out var packet);
        Assert.Equal(reason, error?.Reason);
        Assert.Null(packet);
    }
}
