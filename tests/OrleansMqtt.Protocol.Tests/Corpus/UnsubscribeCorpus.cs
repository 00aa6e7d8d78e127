using OrleansMqtt.Protocol.Packets;
using static OrleansMqtt.Protocol.Packets.ProtocolVersion;
using static OrleansMqtt.Protocol.Packets.ReasonCode;
using static OrleansMqtt.Protocol.Tests.Corpus.CorpusPacket;

namespace OrleansMqtt.Protocol.Tests.Corpus;

internal static class UnsubscribeCorpus
{
    internal static IReadOnlyList<CorpusPacket> Packets { get; } =
    [
        Valid("one filter 3.1", V31, "A2(0001<a>)", new UnsubscribePacket { PacketId = 1, Filters = ["a"] }),
        Valid("two filters packed contiguously 3.1.1", V311, "A2(0001<a/b><c/d>)", new UnsubscribePacket { PacketId = 1, Filters = ["a/b", "c/d"] }),
        Valid("two filters", V50, "A2(0001()<a/b><#>)", new UnsubscribePacket { PacketId = 1, Filters = ["a/b", "#"] }),
        Valid("user properties", V50, "A2(0001(26<k><v>26<k><v>)<a>)", new UnsubscribePacket { PacketId = 1, Filters = ["a"], UserProperties = [new("k", "v"), new("k", "v")] }),
        Unusual("DUP 3.1", V31, "AA(0001<a>)", new UnsubscribePacket { PacketId = 1, Filters = ["a"] }),
        Refused("flags 0 [MQTT-3.10.1-1]", V50, "A0(0001()<a>)", MalformedPacket),
        Refused("flags 0 3.1.1 [MQTT-3.10.1-1]", V311, "A0(0001<a>)", MalformedPacket),
        Refused("DUP", V311, "AA(0001<a>)", MalformedPacket),
        Refused("empty body", V50, "A200", MalformedPacket),
        Refused("identifier 0", V50, "A2(0000()<a>)", ProtocolError),
        Refused("identifier 0 3.1.1 [MQTT-2.3.1-1]", V311, "A2(0000<a>)", ProtocolError),
        Refused("no filter [MQTT-3.10.3-2]", V50, "A2(0001())", ProtocolError),
        Refused("no filter 3.1.1 [MQTT-3.10.3-2]", V311, "A2(0001)", ProtocolError),
        Refused("no property length", V50, "A2(0001)", MalformedPacket),
        Refused("filter empty [MQTT-4.7.3-1]", V50, "A2(0001()<>)", MalformedPacket),
        Refused("filter empty 3.1.1 [MQTT-4.7.3-1]", V311, "A2(0001<>)", MalformedPacket),
        Refused("filter truncated", V50, "A2(0001()0002'a')", MalformedPacket),
        Refused("filter ill-formed [MQTT-3.10.3-1]", V50, "A2(0001()0001FF)", MalformedPacket),
        Refused("filter ill-formed 3.1.1 [MQTT-3.10.3-1]", V311, "A2(0001 0001FF)", MalformedPacket),
        Refused("one byte left over", V311, "A2(0001<a>00)", MalformedPacket),
        Refused("subscription identifier", V50, "A2(0001(0B01)<a>)", MalformedPacket),
    ];
}
