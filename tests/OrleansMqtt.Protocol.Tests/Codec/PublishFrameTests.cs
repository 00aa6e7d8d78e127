using System.Text;
using OrleansMqtt.Protocol.Codec;
using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Protocol.Tests.Corpus;
using OrleansMqtt.Protocol.Tests.Packets;
using OrleansMqtt.Tests;
using Xunit;

namespace OrleansMqtt.Protocol.Tests.Codec;

public sealed class PublishFrameTests(ITestOutputHelper output)
{
    [Fact]
    public void All_fields_are_seen_in_place()
    {
        var body = Notation.Parse("<a/b> 0102 (0101 0200000009 23000F 08<r> 09000155 26<k><v> 03<c>) 'payload'");
        Assert.Null(PublishFrame.TryDecode(0x3D, body, ProtocolVersion.V50, PublishOrigin.Client, out var frame));

        Assert.Equal((QualityOfService.ExactlyOnce, true, true), (frame.QoS, frame.Retain, frame.Duplicate));
        Assert.Equal((0x0102, 0x0F, 9U, true), (frame.PacketId, frame.TopicAlias, frame.MessageExpiryInterval, frame.HasMessageExpiry));
        Assert.Equal("a/b", Encoding.UTF8.GetString(frame.Topic));
        Assert.Equal("payload", Encoding.UTF8.GetString(frame.Payload));
        Assert.True(frame.PayloadFormatIndicator);
        Assert.Equal(("r", "c"), (frame.ResponseTopic, frame.ContentType));
        Assert.Equal([0x55], frame.CorrelationData!.Value.ToArray());
        Assert.Equal([new UserProperty("k", "v")], frame.UserProperties);
        Assert.True(frame.Topic.Overlaps(body) && frame.Payload.Overlaps(body) && frame.Properties.Overlaps(body));
    }

    [Fact]
    public void What_is_absent_has_its_default()
    {
        Assert.Null(PublishFrame.TryDecode(0x30, Notation.Parse("<t>()"), ProtocolVersion.V50, PublishOrigin.Client, out var frame));

        Assert.Equal((0, 0, false), (frame.PacketId, frame.TopicAlias, frame.HasMessageExpiry));
        Assert.Null(frame.PayloadFormatIndicator);
        Assert.Null(frame.CorrelationData);
        Assert.True(frame.Payload.IsEmpty && frame.Properties.IsEmpty && frame.ForwardsWholeSection);
    }

    [Theory]
    [InlineData(PublishOrigin.Client, ReasonCode.ProtocolError)]
    [InlineData(PublishOrigin.Server, null)]
    [Normative("5.0", "MQTT-3.3.4-6")]
    public void A_subscription_identifier_may_come_from_a_server_only(PublishOrigin origin, ReasonCode? expected) =>
        Assert.Equal(expected, PublishFrame.TryDecode(0x30, Notation.Parse("<t>(0B01)"), ProtocolVersion.V50, origin, out _)?.Reason);

    [Theory]
    [InlineData("", "", true)]
    [InlineData("0101 26<b><1> 03<c> 26<a><2>", "0101 26<b><1> 03<c> 26<a><2>", true)]
    [InlineData("230001", "", false)]
    [InlineData("0200000001 0101", "0101", false)]
    [InlineData("26<b><1> 230001 26<a><2>", "26<b><1> 26<a><2>", false)]
    [InlineData("03<c> 0BFFFFFF7F 08<r> 0B01 09000155 0200000001", "03<c> 08<r> 09000155", false)]
    [Normative("5.0", "MQTT-3.3.2-4")]
    [Normative("5.0", "MQTT-3.3.2-15")]
    [Normative("5.0", "MQTT-3.3.2-16")]
    [Normative("5.0", "MQTT-3.3.2-18")]
    [Normative("5.0", "MQTT-3.3.2-20")]
    public void Properties_to_pass_on_keep_their_bytes_and_order(string section, string forwarded, bool whole)
    {
        var body = Notation.Parse($"<t>({section})'x'");
        Assert.Null(PublishFrame.TryDecode(0x30, body, ProtocolVersion.V50, PublishOrigin.Server, out var frame));

        var copy = new byte[frame.ForwardedPropertiesLength];
        frame.CopyForwardedProperties(copy);
        Assert.Equal(Convert.ToHexString(Notation.Parse(forwarded)), Convert.ToHexString(copy));
        Assert.Equal(whole, frame.ForwardsWholeSection);
        if (whole) Assert.Equal(copy, frame.ForwardedProperties.ToArray());
    }

    [Fact]
    public void A_section_that_has_to_be_cut_is_not_handed_out_whole() => Assert.Throws<InvalidOperationException>(() =>
    {
        _ = PublishFrame.TryDecode(0x30, Notation.Parse("<t>(230001)"), ProtocolVersion.V50, PublishOrigin.Client, out var frame);
        _ = frame.ForwardedProperties.Length;
    });

    [Fact]
    public void A_topic_found_by_alias_takes_the_place_of_the_empty_one()
    {
        Assert.Null(PublishFrame.TryDecode(0x31, Notation.Parse("<>(230007)'x'"), ProtocolVersion.V50, PublishOrigin.Client, out var frame));
        var resolved = frame.WithTopic("a/b"u8);

        Assert.True(frame.Topic.IsEmpty);
        Assert.Equal("a/b", Encoding.UTF8.GetString(resolved.Topic));
        Assert.Equal((7, true, 1), (resolved.TopicAlias, resolved.Retain, resolved.Payload.Length));
    }

    [Fact]
    public void Frames_and_packets_agree()
    {
        var random = new Random(TestSeed.Take(output));
        var generator = new PacketGenerator(random);
        foreach (var version in Enum.GetValues<ProtocolVersion>())
        {
            for (var round = 0; round < 2_000; round++)
            {
                var packet = (PublishPacket)generator.Next(PacketType.Publish, version);
                var bytes = PacketEncoder.Encode(packet, version);
                Assert.Equal(FrameStatus.Complete, FrameHeader.TryParse(bytes, uint.MaxValue, out var header, out _));
                Assert.Null(PublishFrame.TryDecode(bytes[0], bytes.AsSpan(header.HeaderLength), version, PublishOrigin.Server, out var frame));

                Assert.Equal((packet.Topic, packet.PacketId, packet.QoS), (Encoding.UTF8.GetString(frame.Topic), frame.PacketId, frame.QoS));
                Assert.Equal(packet.TopicAlias ?? 0, frame.TopicAlias);
                Assert.Equal(packet.MessageExpiryInterval, frame.HasMessageExpiry ? frame.MessageExpiryInterval : null);
                Assert.True(frame.Payload.SequenceEqual(packet.Payload.Span));
                AssertWrittenAlike(bytes, frame, packet, version);
            }
        }
    }

    /// <summary>The encoder of the hot path, given the parts of the frame, writes a packet that means the same.</summary>
    private static void AssertWrittenAlike(byte[] bytes, PublishFrame frame, PublishPacket packet, ProtocolVersion version)
    {
        var forwarded = new byte[frame.ForwardedPropertiesLength];
        frame.CopyForwardedProperties(forwarded);
        uint[] identifiers = [.. packet.SubscriptionIdentifiers];
        var length = PublishEncoder.GetLength(
            version, frame.QoS, frame.Topic.Length, frame.TopicAlias, frame.HasMessageExpiry, identifiers, forwarded.Length, frame.Payload.Length);
        var written = new byte[length];
        var count = PublishEncoder.Write(
            written, version, frame.QoS, frame.Retain, frame.Duplicate, frame.Topic, frame.PacketId, frame.TopicAlias,
            packet.MessageExpiryInterval, identifiers, forwarded, frame.Payload);

        Assert.Equal((length, bytes.Length), (count, length));
        Assert.Equal(PacketText.Describe(packet), PacketText.Describe(Frames.DecodeValid(written, version)));
    }
}
