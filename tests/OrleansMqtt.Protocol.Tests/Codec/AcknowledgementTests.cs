using OrleansMqtt.Protocol.Codec;
using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Protocol.Tests.Corpus;
using OrleansMqtt.Tests;
using Xunit;

namespace OrleansMqtt.Protocol.Tests.Codec;

public sealed class AcknowledgementTests
{
    [Theory]
    [InlineData(PacketType.PubAck, 0x00, ProtocolVersion.V311, "40021234")]
    [InlineData(PacketType.PubRec, 0x00, ProtocolVersion.V50, "50021234")]
    [InlineData(PacketType.PubRel, 0x00, ProtocolVersion.V31, "62021234")]
    [InlineData(PacketType.PubComp, 0x00, ProtocolVersion.V50, "70021234")]
    [InlineData(PacketType.PubAck, 0x87, ProtocolVersion.V50, "4003123487")]
    [InlineData(PacketType.PubRel, 0x92, ProtocolVersion.V50, "6203123492")]
    [InlineData(PacketType.PubAck, 0x87, ProtocolVersion.V311, "40021234")]
    [Normative("5.0", "MQTT-2.1.3-1")]
    [Normative("3.1.1", "MQTT-2.2.2-1")]
    public void The_encoder_writes_the_shortest_form(PacketType type, byte reason, ProtocolVersion version, string expected)
    {
        var buffer = new byte[AcknowledgementEncoder.MaximumLength];
        var written = AcknowledgementEncoder.Write(buffer, type, 0x1234, (ReasonCode)reason, version);
        Assert.Equal(expected, Convert.ToHexString(buffer.AsSpan(0, written)));

        Assert.Null(AcknowledgementFrame.TryDecode(buffer[0], buffer.AsSpan(2, written - 2), version, out var frame));
        Assert.Equal((type, 0x1234), (frame.Type, frame.PacketId));
        Assert.Equal(version == ProtocolVersion.V50 ? (ReasonCode)reason : ReasonCode.Success, frame.ReasonCode);
    }

    [Fact]
    public void Frames_and_packets_agree_on_the_corpus()
    {
        foreach (var entry in AcknowledgementCorpus.Packets)
        {
            var bytes = entry.Bytes;
            var error = AcknowledgementFrame.TryDecode(bytes[0], bytes.AsSpan(2), entry.Version, out var frame);
            Assert.Equal(entry.Refusal, error?.Reason);
            if (entry.Expected is not AcknowledgementPacket packet) continue;
            Assert.Equal((packet.Type, packet.PacketId, packet.ReasonCode), (frame.Type, frame.PacketId, frame.ReasonCode));
        }
    }

    [Fact]
    public void A_packet_of_another_type_is_no_acknowledgement()
    {
        for (var type = 0; type < 16; type++)
        {
            if (type is >= (int)PacketType.PubAck and <= (int)PacketType.PubComp) continue;
            var firstByte = (byte)(type << 4);
            Assert.NotNull(AcknowledgementFrame.TryDecode(firstByte, [0, 1], ProtocolVersion.V50, out _));
            Assert.NotNull(PacketDecoder.DecodeAcknowledgement(firstByte, [0, 1], ProtocolVersion.V50, out _));
        }

        Assert.Throws<ArgumentOutOfRangeException>(() => new AcknowledgementPacket(PacketType.Publish));
        Assert.Throws<ArgumentOutOfRangeException>(() => new AcknowledgementPacket(PacketType.Subscribe));
    }
}
