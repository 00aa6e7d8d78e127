using OrleansMqtt.Protocol.Packets;
using static OrleansMqtt.Protocol.Packets.ProtocolVersion;
using static OrleansMqtt.Protocol.Packets.ReasonCode;
using static OrleansMqtt.Protocol.Tests.Corpus.CorpusPacket;

namespace OrleansMqtt.Protocol.Tests.Corpus;

internal static class PublishCorpus
{
    private static readonly byte[] X = "x"u8.ToArray();

    internal static IReadOnlyList<CorpusPacket> Packets { get; } = [.. Allowed(), .. Malformed(), .. Forbidden()];

    private static IEnumerable<CorpusPacket> Allowed() =>
    [
        Valid("QoS 0 3.1", V31, "30(<t>'x')", new PublishPacket { Topic = "t", Payload = X }),
        Valid("QoS 0 has no identifier 3.1.1 [MQTT-2.3.1-5]", V311, "30(<t>'x')", new PublishPacket { Topic = "t", Payload = X }),
        Valid("QoS 0 has no identifier [MQTT-2.2.1-2] [MQTT-2.2.2-1]", V50, "30(<t>()'x')", new PublishPacket { Topic = "t", Payload = X }),
        Valid("QoS 1 3.1.1", V311, "32(<t>0001'x')", new PublishPacket { Topic = "t", Payload = X, QoS = QualityOfService.AtLeastOnce, PacketId = 1 }),
        Valid("QoS 1", V50, "32(<t>FFFF()'x')", new PublishPacket { Topic = "t", Payload = X, QoS = QualityOfService.AtLeastOnce, PacketId = 65_535 }),
        Valid("QoS 2 with all flags 3.1", V31, "3D(<t>0001'x')", new PublishPacket { Topic = "t", Payload = X, QoS = QualityOfService.ExactlyOnce, PacketId = 1, Duplicate = true, Retain = true }),
        Valid("QoS 2 with all flags", V50, "3D(<t>0001()'x')", new PublishPacket { Topic = "t", Payload = X, QoS = QualityOfService.ExactlyOnce, PacketId = 1, Duplicate = true, Retain = true }),
        Valid("retained and empty 3.1.1", V311, "31(<t>)", new PublishPacket { Topic = "t", Retain = true }),
        Valid("retained and empty", V50, "31(<t>())", new PublishPacket { Topic = "t", Retain = true }),
        Valid("topic of all Unicode lengths", V311, "30(<aü€𝄞/b>)", new PublishPacket { Topic = "aü€𝄞/b" }),
        Valid("topic with control characters", V50, "30(0003 01 1F 7F())", new PublishPacket { Topic = "\u0001\u001F\u007F" }),
        Valid("topic begins with U+FEFF [MQTT-1.5.4-3]", V50, "30(0004EFBBBF'a'())", new PublishPacket { Topic = "\uFEFFa" }),
        Valid("topic begins with U+FEFF 3.1.1 [MQTT-1.5.3-3]", V311, "30(0004EFBBBF'a')", new PublishPacket { Topic = "\uFEFFa" }),
        Valid("topic begins with $", V311, "30(<$SYS/x>)", new PublishPacket { Topic = "$SYS/x" }),
        Valid("topic of slashes", V311, "30(<///>)", new PublishPacket { Topic = "///" }),
        Valid("topic of 16 bytes", V311, "30(<0123456789abcdef>)", new PublishPacket { Topic = "0123456789abcdef" }),
        Valid("topic of 33 bytes", V311, "30(<0123456789abcdef0123456789abcdef0>)", new PublishPacket { Topic = "0123456789abcdef0123456789abcdef0" }),
        Valid("alias beside topic", V50, "30(<t>(230001))", new PublishPacket { Topic = "t", TopicAlias = 1 }),
        Valid("alias instead of topic", V50, "30(<>(23FFFF)'x')", new PublishPacket { TopicAlias = 65_535, Payload = X }),
        Valid(
            "all properties", V50, "32(<t>0007(0101 0200000000 230002 08<r> 090002C328 26<k><v> 26<k><w> 0B01 0BFFFFFF7F 03<c>)'x')",
            new PublishPacket
            {
                Topic = "t", Payload = X, QoS = QualityOfService.AtLeastOnce, PacketId = 7, PayloadFormatIndicator = true, MessageExpiryInterval = 0,
                TopicAlias = 2, ResponseTopic = "r", CorrelationData = new byte[] { 0xC3, 0x28 }, UserProperties = [new("k", "v"), new("k", "w")],
                SubscriptionIdentifiers = [1, 268_435_455], ContentType = "c",
            }),
        Unusual(
            "properties in another order", V50, "30(<t>(03<c> 0B05 26<b><2> 0100 26<a><1>))",
            new PublishPacket { Topic = "t", PayloadFormatIndicator = false, ContentType = "c", SubscriptionIdentifiers = [5], UserProperties = [new("b", "2"), new("a", "1")] }),
        Valid("user property with empty name and value", V50, "30(<t>(26<><>))", new PublishPacket { Topic = "t", UserProperties = [new("", "")] }),
        Valid("correlation data empty", V50, "30(<t>(090000))", new PublishPacket { Topic = "t", CorrelationData = Array.Empty<byte>() }),
        Valid("content type empty", V50, "30(<t>(030000))", new PublishPacket { Topic = "t", ContentType = "" }),
        Valid("payload that is not text though it says so", V50, "30(<t>(0101)FF)", new PublishPacket { Topic = "t", PayloadFormatIndicator = true, Payload = new byte[] { 0xFF } }),
    ];

    private static IEnumerable<CorpusPacket> Malformed() =>
    [
        Refused("empty body [MQTT-3.3.2-1]", V50, "3000", MalformedPacket),
        Refused("empty body 3.1.1 [MQTT-3.3.2-1]", V311, "3000", MalformedPacket),
        Refused("half a topic length", V311, "300100", MalformedPacket),
        Refused("topic truncated", V50, "30(0002't')", MalformedPacket),
        Refused("topic truncated 3.1.1", V311, "30(0002't')", MalformedPacket),
        Refused("no identifier 3.1.1", V311, "32(<t>)", MalformedPacket),
        Refused("half an identifier", V50, "34(<t>00)", MalformedPacket),
        Refused("no property length", V50, "30(<t>)", MalformedPacket),
        Refused("no property length at QoS 1", V50, "32(<t>0001)", MalformedPacket),
        Refused("QoS 3 [MQTT-3.3.1-4]", V50, "36(<t>0001()'x')", MalformedPacket),
        Refused("QoS 3 3.1.1 [MQTT-3.3.1-4]", V311, "36(<t>0001'x')", MalformedPacket),
        Refused("QoS 3 with DUP", V50, "3E(<t>0001()'x')", MalformedPacket),
        Refused("DUP at QoS 0 [MQTT-3.3.1-2]", V50, "38(<t>()'x')", MalformedPacket),
        Refused("DUP at QoS 0 3.1.1 [MQTT-3.3.1-2]", V311, "39(<t>'x')", MalformedPacket),
        Refused("topic ill-formed [MQTT-1.5.4-1]", V50, "30(0002C328())", MalformedPacket),
        Refused("topic ill-formed 3.1.1 [MQTT-1.5.3-1]", V311, "30(0002C328)", MalformedPacket),
        Refused("long topic ill-formed at its end", V311, "30(0014'0123456789abcdef012'C3)", MalformedPacket),
        Refused("topic with surrogate", V50, "30(0003EDBFBF())", MalformedPacket),
        Refused("topic with U+0000 [MQTT-1.5.4-2] [MQTT-4.7.3-2]", V50, "30(0003'a'00'b'())", MalformedPacket),
        Refused("topic with U+0000 3.1.1 [MQTT-1.5.3-2] [MQTT-4.7.3-2]", V311, "30(0003'a'00'b')", MalformedPacket),
        Refused("topic ill-formed and with wildcard", V50, "30(0002'#'FF())", MalformedPacket),
        Refused("property length not minimal [MQTT-1.5.5-1]", V50, "30(<t>8000)", MalformedPacket),
        Refused("property length beyond the packet", V50, "30(<t>02'x')", MalformedPacket),
        Refused("property length truncated", V50, "30(<t>80)", MalformedPacket),
        Refused("property unknown", V50, "30(<t>(7F00))", MalformedPacket),
        Refused("property 0", V50, "30(<t>(0000))", MalformedPacket),
        Refused("property of CONNECT", V50, "30(<t>(1100000001))", MalformedPacket),
        Refused("property without value", V50, "30(<t>(01))", MalformedPacket),
        Refused("expiry truncated", V50, "30(<t>(02000000))", MalformedPacket),
        Refused("response topic ill-formed [MQTT-3.3.2-13]", V50, "30(<t>(080001FF))", MalformedPacket),
        Refused("content type ill-formed [MQTT-3.3.2-19]", V50, "30(<t>(030001FF))", MalformedPacket),
        Refused("content type with U+0000", V50, "30(<t>(03000100))", MalformedPacket),
        Refused("correlation data truncated", V50, "30(<t>(090002FF))", MalformedPacket),
        Refused("user property name ill-formed [MQTT-1.5.7-1]", V50, "30(<t>(260001FF<v>))", MalformedPacket),
        Refused("user property value truncated", V50, "30(<t>(26<k>0002'v'))", MalformedPacket),
        Refused("subscription identifier not minimal", V50, "30(<t>(0B8100))", MalformedPacket),
        Refused("subscription identifier of five bytes", V50, "30(<t>(0B8080808001))", MalformedPacket),
    ];

    private static IEnumerable<CorpusPacket> Forbidden() =>
    [
        Refused("identifier 0", V50, "32(<t>0000())", ProtocolError),
        Refused("identifier 0 3.1.1 [MQTT-2.3.1-1]", V311, "34(<t>0000)", ProtocolError),
        Refused("topic with + [MQTT-3.3.2-2] [MQTT-4.7.0-1]", V50, "30(<a/+>())", TopicNameInvalid),
        Refused("topic with # 3.1.1 [MQTT-3.3.2-2] [MQTT-4.7.1-1]", V311, "30(<a/#>)", TopicNameInvalid),
        Refused("long topic with + inside", V311, "30(<0123456789abcde+0123456789>)", TopicNameInvalid),
        Refused("long topic with # last", V311, "30(<0123456789abcdef0#>)", TopicNameInvalid),
        Refused("topic beyond ASCII with #", V311, "30(<ü#>)", TopicNameInvalid),
        Refused("topic empty without alias [MQTT-4.7.3-1]", V50, "30(<>()'x')", ProtocolError),
        Refused("topic empty 3.1.1 [MQTT-4.7.3-1]", V311, "30(<>'x')", TopicNameInvalid),
        Refused("alias 0 [MQTT-3.3.2-8]", V50, "30(<t>(230000))", TopicAliasInvalid),
        Refused("alias twice", V50, "30(<t>(230001230001))", ProtocolError),
        Refused("payload format 2", V50, "30(<t>(0102))", ProtocolError),
        Refused("payload format twice", V50, "30(<t>(01010101))", ProtocolError),
        Refused("expiry twice", V50, "30(<t>(02000000010200000001))", ProtocolError),
        Refused("response topic with wildcard [MQTT-3.3.2-14]", V50, "30(<t>(08<r/+>))", ProtocolError),
        Refused("response topic empty", V50, "30(<t>(08<>))", ProtocolError),
        Refused("response topic twice", V50, "30(<t>(08<r>08<r>))", ProtocolError),
        Refused("correlation data twice", V50, "30(<t>(090000090000))", ProtocolError),
        Refused("content type twice", V50, "30(<t>(03<c>03<c>))", ProtocolError),
        Refused("subscription identifier 0", V50, "30(<t>(0B00))", ProtocolError),
    ];
}
