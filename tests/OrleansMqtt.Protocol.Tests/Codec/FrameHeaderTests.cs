using OrleansMqtt.Protocol.Codec;
using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Protocol.Tests.Packets;
using OrleansMqtt.Tests;
using Xunit;

namespace OrleansMqtt.Protocol.Tests.Codec;

public sealed class FrameHeaderTests
{
    public static TheoryData<byte> FirstBytes => [.. Enumerable.Range(0, 256).Select(value => (byte)value)];

    [Theory]
    [MemberData(nameof(FirstBytes))]
    [Normative("5.0", "MQTT-2.1.3-1")]
    [Normative("5.0", "MQTT-3.6.1-1")]
    [Normative("5.0", "MQTT-3.8.1-1")]
    [Normative("5.0", "MQTT-3.10.1-1")]
    [Normative("5.0", "MQTT-3.14.1-1")]
    [Normative("5.0", "MQTT-3.15.1-1")]
    [Normative("3.1.1", "MQTT-2.2.2-1")]
    [Normative("3.1.1", "MQTT-2.2.2-2")]
    [Normative("3.1.1", "MQTT-3.6.1-1")]
    [Normative("3.1.1", "MQTT-3.8.1-1")]
    [Normative("3.1.1", "MQTT-3.10.1-1")]
    [Normative("3.1.1", "MQTT-3.14.1-1")]
    public void Flags_have_the_value_that_the_table_lists(byte firstByte)
    {
        foreach (var version in (ProtocolVersion[])[ProtocolVersion.V311, ProtocolVersion.V50])
        {
            // Two bytes that no packet accepts as its body, whatever its type: what is refused for its flags is refused either way.
            ReadOnlySpan<byte> packet = [firstByte, 0];
            var error = Frames.Decode(packet, version, out _);
            if (AreFlagsAllowed(firstByte)) Assert.DoesNotContain("flags", error?.Description ?? "", StringComparison.Ordinal);
            else Assert.Equal(ReasonCode.MalformedPacket, error?.Reason);
        }
    }

    [Theory]
    [MemberData(nameof(FirstBytes))]
    public void Wrong_flags_are_found_in_the_first_byte_alone(byte firstByte)
    {
        var status = FrameHeader.TryParse([firstByte], uint.MaxValue, out _, out var error);

        // DUP, which 3.1 has in these packets, is found by the decoder, which knows the version; at QoS 0 by the connection, which may be tolerant.
        var expected = AreFlagsAllowed(firstByte) || firstByte is 0x6A or 0x8A or 0xAA or 0x38 or 0x39 ? FrameStatus.Incomplete : FrameStatus.Invalid;
        Assert.Equal(expected, status);
        Assert.Equal(expected == FrameStatus.Invalid ? ReasonCode.MalformedPacket : null, error?.Reason);
    }

    [Theory]
    [InlineData("30", 0, 0)]
    [InlineData("3080", 0, 0)]
    [InlineData("3080FFFF", 0, 0)]
    [InlineData("3003", 2, 3)]
    [InlineData("30030001", 2, 3)]
    [InlineData("308001", 3, 128)]
    [InlineData("30FFFFFF7F", 5, 268_435_455)]
    public void A_beginning_is_incomplete_and_tells_the_length_once_it_is_known(string hex, int headerLength, int bodyLength)
    {
        Assert.Equal(FrameStatus.Incomplete, FrameHeader.TryParse(Convert.FromHexString(hex), uint.MaxValue, out var header, out var error));
        Assert.Null(error);
        Assert.Equal((headerLength, bodyLength), (header.HeaderLength, header.BodyLength));
    }

    [Fact]
    public void Nothing_is_incomplete()
    {
        Assert.Equal(FrameStatus.Incomplete, FrameHeader.TryParse(ReadOnlySpan<byte>.Empty, uint.MaxValue, out _, out _));
        Assert.Equal(FrameStatus.Incomplete, FrameHeader.TryParse(Segments.Split(default), uint.MaxValue, out _, out _));
    }

    [Fact]
    public void A_complete_packet_may_be_followed_by_others()
    {
        Assert.Equal(FrameStatus.Complete, FrameHeader.TryParse([0xC0, 0x00, 0x30], 2, out var header, out _));
        Assert.Equal((PacketType.PingReq, 2, 0, 2), (header.Type, header.HeaderLength, header.BodyLength, header.TotalLength));
    }

    [Theory]
    [InlineData("3080808080")]
    [InlineData("30FFFFFFFF01")]
    [InlineData("308000")]
    [InlineData("30FFFF00")]
    [Normative("5.0", "MQTT-1.5.5-1")]
    public void A_remaining_length_that_is_not_minimal_or_too_long_is_malformed(string hex)
    {
        Assert.Equal(FrameStatus.Invalid, FrameHeader.TryParse(Convert.FromHexString(hex), uint.MaxValue, out _, out var error));
        Assert.Equal(ReasonCode.MalformedPacket, error?.Reason);
    }

    [Theory]
    [InlineData("3062", 100, true)]
    [InlineData("3063", 100, false)]
    [InlineData("30FFFFFF7F", 268_435_460, true)]
    [InlineData("30FFFFFF7F", 268_435_459, false)]
    [InlineData("C000", 1, false)]
    public void A_packet_larger_than_the_maximum_is_refused_by_its_announced_length(string hex, uint maximum, bool accepted)
    {
        var status = FrameHeader.TryParse(Convert.FromHexString(hex), maximum, out _, out var error);

        Assert.Equal(accepted ? null : ReasonCode.PacketTooLarge, error?.Reason);
        Assert.Equal(accepted, status != FrameStatus.Invalid);
    }

    [Fact]
    public void Every_split_of_the_bytes_is_parsed_alike()
    {
        string[] inputs = ["30", "C000", "C00030", "3003000174", "30030001", "30FFFFFF7F00", "3080808080", "36000000", "C08000", "E100"];
        foreach (var bytes in inputs.Select(Convert.FromHexString))
        {
            var expected = Parse(bytes);
            for (var first = 0; first <= bytes.Length; first++)
            {
                for (var second = first; second <= bytes.Length; second++)
                {
                    var sequence = Segments.Split(bytes, first, second);
                    var status = FrameHeader.TryParse(sequence, 1_000_000_000, out var header, out var error);
                    Assert.Equal(expected, (status, header.HeaderLength, header.BodyLength, header.FirstByte, error));
                }
            }
        }

        static (FrameStatus, int, int, byte, ProtocolError?) Parse(byte[] bytes)
        {
            var status = FrameHeader.TryParse(bytes, 1_000_000_000, out var header, out var error);
            return (status, header.HeaderLength, header.BodyLength, header.FirstByte, error);
        }
    }

    private static bool AreFlagsAllowed(byte firstByte) => (firstByte >> 4, firstByte & 0x0F) switch
    {
        (0, _) => false,
        (3, var flags) => (flags & 6) != 6 && flags is not (8 or 9),
        (6 or 8 or 10, var flags) => flags == 2,
        (_, var flags) => flags == 0,
    };
}
