using System.Buffers;
using OrleansMqtt.Protocol.Codec;
using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Tests;
using Xunit;

namespace OrleansMqtt.Protocol.Tests.Codec;

public sealed class PacketEncoderTests
{
    private static readonly string LongText = new('x', 65_536);

    public static TheoryData<string> ImpossibleNames => [.. Impossible.Keys];

    private static readonly Dictionary<string, (Packet Packet, ProtocolVersion Version)> Impossible = new()
    {
        ["AUTH in 3.1.1"] = (new AuthPacket(), ProtocolVersion.V311),
        ["AUTH without method"] = (new AuthPacket { ReasonCode = ReasonCode.ContinueAuthentication }, ProtocolVersion.V50),
        ["AUTH with a code of CONNACK"] = (new AuthPacket { ReasonCode = ReasonCode.NotAuthorized, AuthenticationMethod = "m" }, ProtocolVersion.V50),
        ["authentication data without method"] = (new ConnectPacket { AuthenticationData = new byte[1] }, ProtocolVersion.V50),
        ["client identifier too long"] = (new ConnectPacket { ClientId = LongText }, ProtocolVersion.V50),
        ["client identifier with U+0000"] = (new ConnectPacket { ClientId = "\0" }, ProtocolVersion.V50),
        ["client identifier with half a pair"] = (new ConnectPacket { ClientId = "\uD800" }, ProtocolVersion.V50),
        ["password too long"] = (new ConnectPacket { UserName = "u", Password = new byte[65_536] }, ProtocolVersion.V50),
        ["password without user name 3.1.1"] = (new ConnectPacket { Version = ProtocolVersion.V311, Password = new byte[1] }, ProtocolVersion.V311),
        ["receive maximum 0"] = (new ConnectPacket { ReceiveMaximum = 0 }, ProtocolVersion.V50),
        ["maximum packet size 0"] = (new ConnAckPacket { MaximumPacketSize = 0 }, ProtocolVersion.V50),
        ["will topic with wildcard"] = (new ConnectPacket { Will = new Will { Topic = "#" } }, ProtocolVersion.V50),
        ["will with expiry among the forwarded properties"] =
            (new ConnectPacket { Will = new Will { Topic = "t", ForwardedProperties = new byte[] { 2, 0, 0, 0, 1 } } }, ProtocolVersion.V50),
        ["will with ill-formed properties"] =
            (new ConnectPacket { Will = new Will { Topic = "t", ForwardedProperties = new byte[] { 0x7F } } }, ProtocolVersion.V50),
        ["session present beside a failure"] = (new ConnAckPacket { SessionPresent = true, ReasonCode = ReasonCode.Banned }, ProtocolVersion.V311),
        ["CONNACK with a code of DISCONNECT"] = (new ConnAckPacket { ReasonCode = ReasonCode.SessionTakenOver }, ProtocolVersion.V50),
        ["topic empty"] = (new PublishPacket(), ProtocolVersion.V50),
        ["topic empty beside an alias that 3.1.1 has not"] = (new PublishPacket { TopicAlias = 1 }, ProtocolVersion.V311),
        ["topic with wildcard"] = (new PublishPacket { Topic = "a/+" }, ProtocolVersion.V50),
        ["alias 0"] = (new PublishPacket { Topic = "t", TopicAlias = 0 }, ProtocolVersion.V50),
        ["DUP at QoS 0"] = (new PublishPacket { Topic = "t", Duplicate = true }, ProtocolVersion.V50),
        ["PUBLISH identifier 0"] = (new PublishPacket { Topic = "t", QoS = QualityOfService.AtLeastOnce }, ProtocolVersion.V311),
        ["subscription identifier too large"] = (new PublishPacket { Topic = "t", SubscriptionIdentifiers = [268_435_456] }, ProtocolVersion.V50),
        ["subscription identifier 0"] = (new PublishPacket { Topic = "t", SubscriptionIdentifiers = [0] }, ProtocolVersion.V50),
        ["response topic with wildcard"] = (new PublishPacket { Topic = "t", ResponseTopic = "+" }, ProtocolVersion.V50),
        ["packet too long"] = (new PublishPacket { Topic = "t", Payload = new byte[268_435_453] }, ProtocolVersion.V311),
        ["PUBACK identifier 0"] = (new AcknowledgementPacket(PacketType.PubAck), ProtocolVersion.V311),
        ["PUBREL with a code of PUBACK"] = (new AcknowledgementPacket(PacketType.PubRel) { PacketId = 1, ReasonCode = ReasonCode.QuotaExceeded }, ProtocolVersion.V50),
        ["SUBSCRIBE without filter"] = (new SubscribePacket { PacketId = 1 }, ProtocolVersion.V50),
        ["filter empty"] = (new SubscribePacket { PacketId = 1, Subscriptions = [new Subscription { Filter = "" }] }, ProtocolVersion.V311),
        ["no local on a shared filter"] = (new SubscribePacket { PacketId = 1, Subscriptions = [new Subscription { Filter = "$share/g/a", NoLocal = true }] }, ProtocolVersion.V50),
        ["SUBACK without code"] = (new SubAckPacket { PacketId = 1 }, ProtocolVersion.V311),
        ["SUBACK with a code of UNSUBACK"] = (new SubAckPacket { PacketId = 1, ReasonCodes = [ReasonCode.NoSubscriptionExisted] }, ProtocolVersion.V50),
        ["UNSUBSCRIBE without filter"] = (new UnsubscribePacket { PacketId = 1 }, ProtocolVersion.V50),
        ["UNSUBACK without code"] = (new UnsubAckPacket { PacketId = 1 }, ProtocolVersion.V50),
        ["DISCONNECT with a code of SUBACK"] = (new DisconnectPacket { ReasonCode = ReasonCode.GrantedQos1 }, ProtocolVersion.V50),
    };

    [Theory]
    [MemberData(nameof(ImpossibleNames))]
    [Normative("5.0", "MQTT-3.2.2-8")]
    [Normative("5.0", "MQTT-3.3.1-2")]
    [Normative("5.0", "MQTT-4.7.3-1")]
    [Normative("3.1.1", "MQTT-2.3.1-1")]
    [Normative("3.1.1", "MQTT-3.3.1-2")]
    public void Packets_that_break_a_rule_are_not_written(string name)
    {
        var (packet, version) = Impossible[name];
        var output = new ArrayBufferWriter<byte>();

        Assert.ThrowsAny<ArgumentException>(() => PacketEncoder.GetLength(packet, version));
        Assert.ThrowsAny<ArgumentException>(() => PacketEncoder.Encode(packet, version));
        Assert.ThrowsAny<ArgumentException>(() => PacketEncoder.Encode(output, packet, version));
        Assert.Equal(0, output.WrittenCount);
    }

    [Theory]
    [InlineData(ReasonCode.NotAuthorized, "20020005")]
    [InlineData(ReasonCode.BadAuthenticationMethod, "20020004")]
    [InlineData(ReasonCode.QuotaExceeded, "20020003")]
    [InlineData(ReasonCode.Success, "20020100")]
    public void CONNACK_is_mapped_for_3_1_1_and_loses_its_properties(ReasonCode code, string expected)
    {
        var packet = new ConnAckPacket { SessionPresent = code == ReasonCode.Success, ReasonCode = code, ReasonString = "s", ReceiveMaximum = 5 };
        Assert.Equal(expected, Convert.ToHexString(PacketEncoder.Encode(packet, ProtocolVersion.V311)));
    }

    [Fact]
    public void CONNACK_of_3_1_has_no_session_present() =>
        Assert.Equal("20020000", Convert.ToHexString(PacketEncoder.Encode(new ConnAckPacket { SessionPresent = true }, ProtocolVersion.V31)));

    [Fact]
    [Normative("3.1.1", "MQTT-3.9.3-2")]
    public void SUBACK_of_3_1_1_knows_one_failure()
    {
        var packet = new SubAckPacket { PacketId = 1, ReasonCodes = [ReasonCode.GrantedQos2, ReasonCode.NotAuthorized, ReasonCode.QuotaExceeded], ReasonString = "s" };
        Assert.Equal("90050001028080", Convert.ToHexString(PacketEncoder.Encode(packet, ProtocolVersion.V311)));
    }

    [Fact]
    public void Highest_QoS_is_the_default_and_not_written() =>
        Assert.Equal("2003000000", Convert.ToHexString(PacketEncoder.Encode(new ConnAckPacket { MaximumQoS = QualityOfService.ExactlyOnce }, ProtocolVersion.V50)));

    [Fact]
    public void Packets_are_appended_to_what_is_there()
    {
        var output = new ArrayBufferWriter<byte>();
        PacketEncoder.Encode(output, PingReqPacket.Instance, ProtocolVersion.V50);
        PacketEncoder.Encode(output, new DisconnectPacket { ReasonCode = ReasonCode.ServerBusy }, ProtocolVersion.V50);
        Assert.Equal("C000E00189", Convert.ToHexString(output.WrittenSpan));
    }
}
