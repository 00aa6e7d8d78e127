using OrleansMqtt.Protocol.Packets;
using static OrleansMqtt.Protocol.Packets.ProtocolVersion;
using static OrleansMqtt.Protocol.Packets.ReasonCode;
using static OrleansMqtt.Protocol.Tests.Corpus.CorpusPacket;

namespace OrleansMqtt.Protocol.Tests.Corpus;

internal static class SubAckCorpus
{
    internal static IReadOnlyList<CorpusPacket> Packets { get; } =
    [
        Valid("granted 3.1", V31, "90(0001 000102)", new SubAckPacket { PacketId = 1, ReasonCodes = [GrantedQos0, GrantedQos1, GrantedQos2] }),
        Valid("granted and failed 3.1.1", V311, "90(0001 0080)", new SubAckPacket { PacketId = 1, ReasonCodes = [GrantedQos0, UnspecifiedError] }),
        Valid(
            "all codes", V50, "90(0001() 00 01 02 80 83 87 8F 91 97 9E A1 A2)",
            new SubAckPacket
            {
                PacketId = 1,
                ReasonCodes =
                [
                    GrantedQos0, GrantedQos1, GrantedQos2, UnspecifiedError, ImplementationSpecificError, NotAuthorized, TopicFilterInvalid,
                    PacketIdentifierInUse, QuotaExceeded, SharedSubscriptionsNotSupported, SubscriptionIdentifiersNotSupported,
                    WildcardSubscriptionsNotSupported,
                ],
            }),
        Valid("all properties", V50, "90(0001(1F<s> 26<k><v>)00)", new SubAckPacket { PacketId = 1, ReasonString = "s", UserProperties = [new("k", "v")], ReasonCodes = [GrantedQos0] }),
        Refused("empty body", V311, "9000", MalformedPacket),
        Refused("identifier 0", V311, "90(000000)", ProtocolError),
        Refused("no code", V50, "90(0001())", ProtocolError),
        Refused("no code 3.1.1", V311, "90(0001)", ProtocolError),
        Refused("code 3 3.1.1 [MQTT-3.9.3-2]", V311, "90(000103)", ProtocolError),
        Refused("code of 5.0 in 3.1.1", V311, "90(000187)", ProtocolError),
        Refused("code 3 [MQTT-3.9.3-2]", V50, "90(0001()03)", ProtocolError),
        Refused("code of UNSUBACK", V50, "90(0001()11)", ProtocolError),
        Refused("no property length", V50, "90(0001)", MalformedPacket),
        Refused("subscription identifier", V50, "90(0001(0B01)00)", MalformedPacket),
        Refused("flags", V50, "92(0001()00)", MalformedPacket),
    ];
}
