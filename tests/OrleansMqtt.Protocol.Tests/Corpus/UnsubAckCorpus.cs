using OrleansMqtt.Protocol.Packets;
using static OrleansMqtt.Protocol.Packets.ProtocolVersion;
using static OrleansMqtt.Protocol.Packets.ReasonCode;
using static OrleansMqtt.Protocol.Tests.Corpus.CorpusPacket;

namespace OrleansMqtt.Protocol.Tests.Corpus;

internal static class UnsubAckCorpus
{
    internal static IReadOnlyList<CorpusPacket> Packets { get; } =
    [
        Valid("3.1", V31, "B0(0001)", new UnsubAckPacket { PacketId = 1 }),
        Valid("3.1.1", V311, "B0(ABCD)", new UnsubAckPacket { PacketId = 0xABCD }),
        Valid(
            "all codes", V50, "B0(0001() 00 11 80 83 87 8F 91)",
            new UnsubAckPacket
            {
                PacketId = 1,
                ReasonCodes = [Success, NoSubscriptionExisted, UnspecifiedError, ImplementationSpecificError, NotAuthorized, TopicFilterInvalid, PacketIdentifierInUse],
            }),
        Valid("all properties", V50, "B0(0001(1F<s> 26<k><v>)00)", new UnsubAckPacket { PacketId = 1, ReasonString = "s", UserProperties = [new("k", "v")], ReasonCodes = [Success] }),
        Refused("empty body", V50, "B000", MalformedPacket),
        Refused("one byte 3.1.1", V311, "B00101", MalformedPacket),
        Refused("identifier 0 3.1.1", V311, "B0(0000)", ProtocolError),
        Refused("code 3.1.1", V311, "B0(000100)", MalformedPacket),
        Refused("no property length", V50, "B0(0001)", MalformedPacket),
        Refused("no code", V50, "B0(0001())", ProtocolError),
        Refused("code of SUBACK [MQTT-3.11.3-2]", V50, "B0(0001()01)", ProtocolError),
        Refused("unknown code", V50, "B0(0001()FF)", ProtocolError),
        Refused("flags", V311, "B2(0001)", MalformedPacket),
    ];
}
