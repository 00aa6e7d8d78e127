using OrleansMqtt.Protocol.Packets;
using static OrleansMqtt.Protocol.Packets.ProtocolVersion;
using static OrleansMqtt.Protocol.Packets.ReasonCode;
using static OrleansMqtt.Protocol.Tests.Corpus.CorpusPacket;

namespace OrleansMqtt.Protocol.Tests.Corpus;

internal static class DisconnectCorpus
{
    internal static IReadOnlyList<CorpusPacket> Packets { get; } =
    [
        Valid("3.1", V31, "E000", new DisconnectPacket()),
        Valid("3.1.1", V311, "E000", new DisconnectPacket()),
        Valid("empty", V50, "E000", new DisconnectPacket()),
        Unusual("normal without property length", V50, "E00100", new DisconnectPacket()),
        Unusual("normal with property length", V50, "E0(00())", new DisconnectPacket()),
        Valid("with will", V50, "E00104", new DisconnectPacket { ReasonCode = DisconnectWithWill }),
        Valid("session taken over", V50, "E0018E", new DisconnectPacket { ReasonCode = SessionTakenOver }),
        Unusual("server busy with property length", V50, "E0(89())", new DisconnectPacket { ReasonCode = ServerBusy }),
        Valid(
            "all properties", V50, "E0(9C(11FFFFFFFF 1F<s> 26<k><v> 1C<e>))",
            new DisconnectPacket { ReasonCode = UseAnotherServer, SessionExpiryInterval = uint.MaxValue, ReasonString = "s", UserProperties = [new("k", "v")], ServerReference = "e" }),
        Valid("normal with expiry", V50, "E0(00(1100000000))", new DisconnectPacket { SessionExpiryInterval = 0 }),
        Refused("flags [MQTT-3.14.1-1]", V50, "E100", MalformedPacket),
        Refused("flags 3.1.1 [MQTT-3.14.1-1]", V311, "E800", MalformedPacket),
        Refused("reason code 3.1.1", V311, "E00100", MalformedPacket),
        Refused("reason code 3.1", V31, "E00104", MalformedPacket),
        Refused("code of SUBACK [MQTT-3.14.2-1]", V50, "E00101", ProtocolError),
        Refused("code of CONNACK", V50, "E00184", ProtocolError),
        Refused("unknown code", V50, "E001A3", ProtocolError),
        Refused("property length beyond the packet", V50, "E0020005", MalformedPacket),
        Refused("bytes left over", V50, "E0(00()00)", MalformedPacket),
        Refused("expiry twice", V50, "E0(00(11000000001100000000))", ProtocolError),
        Refused("server reference twice", V50, "E0(9C(1C<e>1C<e>))", ProtocolError),
        Refused("receive maximum", V50, "E0(00(210001))", MalformedPacket),
        Refused("reason string with U+0000", V50, "E0(00(1F000100))", MalformedPacket),
    ];
}
