using OrleansMqtt.Protocol.Packets;
using static OrleansMqtt.Protocol.Packets.ProtocolVersion;
using static OrleansMqtt.Protocol.Packets.ReasonCode;
using static OrleansMqtt.Protocol.Tests.Corpus.CorpusPacket;

namespace OrleansMqtt.Protocol.Tests.Corpus;

internal static class AuthCorpus
{
    internal static IReadOnlyList<CorpusPacket> Packets { get; } =
    [
        Valid("empty", V50, "F000", new AuthPacket()),
        Valid("success with method", V50, "F0(00(15<m>))", new AuthPacket { AuthenticationMethod = "m" }),
        Valid("continue", V50, "F0(18(15<m> 16000300FF01))", new AuthPacket { ReasonCode = ContinueAuthentication, AuthenticationMethod = "m", AuthenticationData = new byte[] { 0, 0xFF, 1 } }),
        Valid(
            "all properties", V50, "F0(19(15<m> 160000 1F<s> 26<k><v>))",
            new AuthPacket { ReasonCode = ReAuthenticate, AuthenticationMethod = "m", AuthenticationData = Array.Empty<byte>(), ReasonString = "s", UserProperties = [new("k", "v")] }),
        Refused("flags [MQTT-3.15.1-1]", V50, "F100", MalformedPacket),
        Refused("3.1.1", V311, "F000", ProtocolError),
        Refused("3.1", V31, "F0(18(15<m>))", ProtocolError),
        Refused("reason code without property length", V50, "F00118", MalformedPacket),
        Refused("code of DISCONNECT [MQTT-3.15.2-1]", V50, "F0(04(15<m>))", ProtocolError),
        Refused("unknown code", V50, "F0(87(15<m>))", ProtocolError),
        Refused("no method", V50, "F0(18())", ProtocolError),
        Refused("data without method", V50, "F0(18(160000))", ProtocolError),
        Refused("method twice", V50, "F0(18(15<m>15<m>))", ProtocolError),
        Refused("data twice", V50, "F0(18(15<m>160000160000))", ProtocolError),
        Refused("bytes left over", V50, "F0(18(15<m>)00)", MalformedPacket),
        Refused("server reference", V50, "F0(18(15<m>1C<e>))", MalformedPacket),
        Refused("method ill-formed", V50, "F0(18(150001FF))", MalformedPacket),
    ];
}
