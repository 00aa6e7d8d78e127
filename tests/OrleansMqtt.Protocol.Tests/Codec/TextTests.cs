using System.Text;
using OrleansMqtt.Protocol.Codec;
using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Protocol.Tests.Packets;
using OrleansMqtt.Tests;
using Xunit;

namespace OrleansMqtt.Protocol.Tests.Codec;

public sealed class TextTests(ITestOutputHelper output)
{
    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    [Theory]
    [InlineData("", true)]
    [InlineData("61", true)]
    [InlineData("EFBBBF61", true)] // U+FEFF
    [InlineData("01", true)] // control character: may be refused, is not
    [InlineData("EFBFBE", true)] // non-character U+FFFE: the same
    [InlineData("F48FBFBF", true)] // U+10FFFF
    [InlineData("00", false)]
    [InlineData("610062", false)]
    [InlineData("C080", false)] // overlong U+0000
    [InlineData("C1BF", false)]
    [InlineData("E09F80", false)]
    [InlineData("EDA080", false)] // U+D800
    [InlineData("EDBFBF", false)] // U+DFFF
    [InlineData("F4908080", false)] // above U+10FFFF
    [InlineData("C3", false)]
    [InlineData("80", false)]
    [InlineData("FF", false)]
    [Normative("5.0", "MQTT-1.5.4-1")]
    [Normative("5.0", "MQTT-1.5.4-2")]
    [Normative("5.0", "MQTT-1.5.4-3")]
    [Normative("3.1.1", "MQTT-1.5.3-1")]
    [Normative("3.1.1", "MQTT-1.5.3-2")]
    [Normative("3.1.1", "MQTT-1.5.3-3")]
    public void Text_is_well_formed_UTF_8_without_U_0000(string hex, bool valid) =>
        Assert.Equal(valid, Utf8Text.IsValid(Convert.FromHexString(hex)));

    [Fact]
    public void Topic_names_are_checked_as_a_plain_reading_of_the_rules_would()
    {
        var random = new Random(TestSeed.Take(output));
        for (var round = 0; round < 200_000; round++)
        {
            var name = new byte[random.Next(70)];
            for (var i = 0; i < name.Length; i++) name[i] = (byte)random.Next(0x61, 0x7B);
            // Mostly one or two bytes of any value, so that each place of each vector sees each of them.
            for (var changes = random.Next(3); changes > 0 && name.Length > 0; changes--)
                name[random.Next(name.Length)] = Coin(random) ? (byte)random.Next(256) : "+#\0/\x7F"u8[random.Next(5)];

            var expected = Plain(name);
            Assert.Equal(expected, TopicNameCheck.Check(name, ProtocolErrors.TopicWildcard)?.Reason);
            if (TopicNameCheck.IsPlain(name)) Assert.Null(expected);
        }
    }

    [Theory]
    [InlineData(65_535, true)]
    [InlineData(65_536, false)]
    [Normative("5.0", "MQTT-4.7.3-3")]
    [Normative("3.1.1", "MQTT-4.7.3-3")]
    public void Topic_names_and_filters_take_at_most_65535_bytes(int length, bool possible)
    {
        var text = new string('t', length);
        Packet[] packets =
        [
            new PublishPacket { Topic = text },
            new SubscribePacket { PacketId = 1, Subscriptions = [new Subscription { Filter = text }] },
            new UnsubscribePacket { PacketId = 1, Filters = [text] },
        ];
        foreach (var packet in packets)
        {
            foreach (var version in (ProtocolVersion[])[ProtocolVersion.V311, ProtocolVersion.V50])
            {
                if (possible) Assert.Equal(PacketText.Describe(packet), PacketText.Describe(Frames.DecodeValid(PacketEncoder.Encode(packet, version), version)));
                else Assert.Throws<ArgumentException>(() => PacketEncoder.Encode(packet, version));
            }
        }
    }

    private static ReasonCode? Plain(byte[] name)
    {
        try
        {
            var text = Strict.GetString(name);
            if (text.Contains('\0')) return ReasonCode.MalformedPacket;
            return text.Contains('+') || text.Contains('#') ? ReasonCode.TopicNameInvalid : null;
        }
        catch (DecoderFallbackException)
        {
            return ReasonCode.MalformedPacket;
        }
    }

    private static bool Coin(Random random) => random.Next(2) == 0;
}
