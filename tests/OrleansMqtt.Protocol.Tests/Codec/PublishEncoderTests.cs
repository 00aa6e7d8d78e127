using OrleansMqtt.Protocol.Codec;
using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Protocol.Tests.Corpus;
using OrleansMqtt.Protocol.Tests.Packets;
using OrleansMqtt.Tests;
using Xunit;

namespace OrleansMqtt.Protocol.Tests.Codec;

public sealed class PublishEncoderTests
{
    [Theory]
    [InlineData(ProtocolVersion.V31, QualityOfService.AtMostOnce, "30(<t>'x')", -1)]
    [InlineData(ProtocolVersion.V311, QualityOfService.AtLeastOnce, "32(<t>1234'x')", 5)]
    [InlineData(ProtocolVersion.V50, QualityOfService.AtMostOnce, "30(<t>(0200000005 230007 0B8001 0101)'x')", -1)]
    [InlineData(ProtocolVersion.V50, QualityOfService.ExactlyOnce, "34(<t>1234(0200000005 230007 0B8001 0101)'x')", 5)]
    [Normative("5.0", "MQTT-2.2.1-2")]
    [Normative("3.1.1", "MQTT-2.3.1-5")]
    public void Each_version_gets_what_it_has(ProtocolVersion version, QualityOfService qos, string expected, int idOffset)
    {
        uint[] identifiers = [128];
        byte[] forwarded = [1, 1];
        var buffer = new byte[64];
        var written = PublishEncoder.Write(
            buffer, version, qos, retain: false, duplicate: false, "t"u8, 0x1234, 7, 5, identifiers, forwarded, "x"u8, out var packetIdOffset);

        Assert.Equal(Convert.ToHexString(Notation.Parse(expected)), Convert.ToHexString(buffer.AsSpan(0, written)));
        Assert.Equal(idOffset, packetIdOffset);
        Assert.Equal(written, PublishEncoder.GetLength(version, qos, 1, 7, hasExpiry: true, identifiers, forwarded.Length, 1));
    }

    [Fact]
    [Normative("5.0", "MQTT-2.2.2-1")]
    public void No_properties_are_a_length_of_zero()
    {
        var buffer = new byte[16];
        var written = PublishEncoder.Write(buffer, ProtocolVersion.V50, QualityOfService.AtMostOnce, true, false, "t"u8, 0, 0, null, [], [], []);
        Assert.Equal("310400017400", Convert.ToHexString(buffer.AsSpan(0, written)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(124)]
    [InlineData(125)]
    [InlineData(16_380)]
    [InlineData(16_381)]
    [InlineData(2_097_148)]
    [InlineData(2_097_149)]
    public void Lengths_are_exact_around_each_size_of_the_remaining_length(int payloadLength)
    {
        var length = PublishEncoder.GetLength(ProtocolVersion.V311, QualityOfService.AtMostOnce, 1, 0, false, [], 0, payloadLength);
        var bytes = new byte[length];
        Assert.Equal(length, PublishEncoder.Write(bytes, ProtocolVersion.V311, QualityOfService.AtMostOnce, false, false, "t"u8, 0, 0, null, [], [], new byte[payloadLength]));
        Assert.Equal(payloadLength, ((PublishPacket)Frames.DecodeValid(bytes, ProtocolVersion.V311)).Payload.Length);
    }

    [Fact]
    public void What_MQTT_cannot_say_is_refused()
    {
        Assert.Throws<ArgumentException>(() => PublishEncoder.GetLength(ProtocolVersion.V311, QualityOfService.AtMostOnce, 65_536, 0, false, [], 0, 0));
        Assert.Throws<ArgumentException>(() => PublishEncoder.GetLength(ProtocolVersion.V311, QualityOfService.AtMostOnce, 1, 0, false, [], 0, 268_435_453));
        Assert.Equal(268_435_460, PublishEncoder.GetLength(ProtocolVersion.V311, QualityOfService.AtMostOnce, 1, 0, false, [], 0, 268_435_452));
    }

    [Fact]
    public void A_destination_that_is_too_short_is_refused() => Assert.ThrowsAny<ArgumentException>(() =>
        PublishEncoder.Write(new byte[5], ProtocolVersion.V311, QualityOfService.AtMostOnce, false, false, "t"u8, 0, 0, null, [], [], "x"u8));

    [Fact]
    public void The_identifier_of_a_copy_can_be_patched()
    {
        var buffer = new byte[16];
        var written = PublishEncoder.Write(
            buffer, ProtocolVersion.V50, QualityOfService.AtLeastOnce, false, false, "a/b"u8, 1, 0, null, [], [], "x"u8, out var offset);
        buffer[offset] = 0xAB;
        buffer[offset + 1] = 0xCD;
        Assert.Equal(0xABCD, ((PublishPacket)Frames.DecodeValid(buffer.AsSpan(0, written), ProtocolVersion.V50)).PacketId);
    }
}
