using OrleansMqtt.Protocol.Packets;
using static OrleansMqtt.Protocol.Packets.ProtocolVersion;
using static OrleansMqtt.Protocol.Packets.ReasonCode;
using static OrleansMqtt.Protocol.Tests.Corpus.CorpusPacket;

namespace OrleansMqtt.Protocol.Tests.Corpus;

internal static class PingCorpus
{
    internal static IReadOnlyList<CorpusPacket> Packets { get; } =
    [
        Valid("PINGREQ 3.1", V31, "C000", PingReqPacket.Instance),
        Valid("PINGREQ 3.1.1", V311, "C000", PingReqPacket.Instance),
        Valid("PINGREQ", V50, "C000", PingReqPacket.Instance),
        Valid("PINGRESP 3.1.1", V311, "D000", PingRespPacket.Instance),
        Valid("PINGRESP", V50, "D000", PingRespPacket.Instance),
        Refused("PINGREQ with content", V311, "C00100", MalformedPacket),
        Refused("PINGRESP with content", V50, "D00100", MalformedPacket),
        Refused("PINGREQ with flags [MQTT-2.1.3-1]", V50, "C100", MalformedPacket),
        Refused("PINGREQ with flags 3.1.1 [MQTT-2.2.2-2]", V311, "C800", MalformedPacket),
        Refused("PINGRESP with flags", V311, "D200", MalformedPacket),
        Refused("PINGREQ with a length that is not minimal [MQTT-1.5.5-1]", V50, "C08000", MalformedPacket),
        Refused("PINGREQ with a length of five bytes", V311, "C08080808001", MalformedPacket),
        Refused("type 0", V311, "0000", MalformedPacket),
        Refused("type 0 with content", V50, "000100", MalformedPacket),
    ];
}
