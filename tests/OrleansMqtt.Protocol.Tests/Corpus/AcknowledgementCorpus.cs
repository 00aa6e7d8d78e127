using OrleansMqtt.Protocol.Packets;
using static OrleansMqtt.Protocol.Packets.ProtocolVersion;
using static OrleansMqtt.Protocol.Packets.ReasonCode;
using static OrleansMqtt.Protocol.Tests.Corpus.CorpusPacket;

namespace OrleansMqtt.Protocol.Tests.Corpus;

internal static class AcknowledgementCorpus
{
    internal static IReadOnlyList<CorpusPacket> Packets { get; } =
    [
        .. Each("PUBACK", PacketType.PubAck, "40", NotAuthorized, "87"),
        .. Each("PUBREC", PacketType.PubRec, "50", PacketIdentifierInUse, "91"),
        .. Each("PUBREL", PacketType.PubRel, "62", PacketIdentifierNotFound, "92"),
        .. Each("PUBCOMP", PacketType.PubComp, "70", PacketIdentifierNotFound, "92"),
        Valid("PUBACK without subscribers", V50, "40(000110)", new AcknowledgementPacket(PacketType.PubAck) { PacketId = 1, ReasonCode = NoMatchingSubscribers }),
        Refused("PUBACK with a code of SUBACK [MQTT-3.4.2-1]", V50, "40(000101)", ProtocolError),
        Refused("PUBACK with a code of PUBREL", V50, "40(000192)", ProtocolError),
        Refused("PUBREC with a code of CONNACK [MQTT-3.5.2-1]", V50, "50(000184)", ProtocolError),
        Refused("PUBREL with a code of PUBACK [MQTT-3.6.2-1]", V50, "62(000110)", ProtocolError),
        Refused("PUBCOMP with an unknown code [MQTT-3.7.2-1]", V50, "70(0001FF)", ProtocolError),
        Refused("PUBREL with flags 0 [MQTT-3.6.1-1]", V50, "60(0001)", MalformedPacket),
        Refused("PUBREL with flags 0 3.1.1 [MQTT-3.6.1-1]", V311, "60(0001)", MalformedPacket),
        Refused("PUBREL with DUP", V50, "6A(0001)", MalformedPacket),
        Refused("PUBREL with DUP 3.1.1", V311, "6A(0001)", MalformedPacket),
        Unusual("PUBREL with DUP 3.1", V31, "6A(0001)", new AcknowledgementPacket(PacketType.PubRel) { PacketId = 1 }),
        Refused("PUBACK with flags", V311, "42(0001)", MalformedPacket),
        Refused("PUBREC with flags", V50, "51(0001)", MalformedPacket),
        Refused("PUBCOMP with flags", V50, "78(0001)", MalformedPacket),
    ];

    private static IEnumerable<CorpusPacket> Each(string name, PacketType type, string firstByte, ReasonCode failure, string failureByte) =>
    [
        Valid($"{name} 3.1", V31, $"{firstByte}(0001)", new AcknowledgementPacket(type) { PacketId = 1 }),
        Valid($"{name} 3.1.1", V311, $"{firstByte}(FFFF)", new AcknowledgementPacket(type) { PacketId = 65_535 }),
        Valid($"{name} short", V50, $"{firstByte}(0001)", new AcknowledgementPacket(type) { PacketId = 1 }),
        Unusual($"{name} success without property length", V50, $"{firstByte}(000100)", new AcknowledgementPacket(type) { PacketId = 1 }),
        Unusual($"{name} success with property length", V50, $"{firstByte}(000100())", new AcknowledgementPacket(type) { PacketId = 1 }),
        Valid($"{name} failure without property length", V50, $"{firstByte}(0001{failureByte})", new AcknowledgementPacket(type) { PacketId = 1, ReasonCode = failure }),
        Valid(
            $"{name} with all properties", V50, $"{firstByte}(0001{failureByte}(1F<s> 26<k><v> 26<k><w>))",
            new AcknowledgementPacket(type) { PacketId = 1, ReasonCode = failure, ReasonString = "s", UserProperties = [new("k", "v"), new("k", "w")] }),
        Valid($"{name} success with reason string", V50, $"{firstByte}(000100(1F<s>))", new AcknowledgementPacket(type) { PacketId = 1, ReasonString = "s" }),
        Refused($"{name} empty", V50, $"{firstByte}()", MalformedPacket),
        Refused($"{name} half an identifier 3.1.1", V311, $"{firstByte}(00)", MalformedPacket),
        Refused($"{name} identifier 0", V50, $"{firstByte}(0000)", ProtocolError),
        Refused($"{name} with reason code 3.1.1", V311, $"{firstByte}(000100)", MalformedPacket),
        Refused($"{name} bytes left over", V50, $"{firstByte}(000100()00)", MalformedPacket),
        Refused($"{name} property length beyond the packet", V50, $"{firstByte}(00010005)", MalformedPacket),
        Refused($"{name} reason string twice", V50, $"{firstByte}(000100(1F<s>1F<s>))", ProtocolError),
        Refused($"{name} property of PUBLISH", V50, $"{firstByte}(000100(0101))", MalformedPacket),
        Refused($"{name} reason string ill-formed", V50, $"{firstByte}(000100(1F0001FF))", MalformedPacket),
    ];
}
