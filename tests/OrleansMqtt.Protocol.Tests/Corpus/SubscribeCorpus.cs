using OrleansMqtt.Protocol.Packets;
using static OrleansMqtt.Protocol.Packets.ProtocolVersion;
using static OrleansMqtt.Protocol.Packets.ReasonCode;
using static OrleansMqtt.Protocol.Tests.Corpus.CorpusPacket;

namespace OrleansMqtt.Protocol.Tests.Corpus;

internal static class SubscribeCorpus
{
    internal static IReadOnlyList<CorpusPacket> Packets { get; } =
    [
        Valid("one filter 3.1", V31, "82(0001<a/#>02)", One(new Subscription { Filter = "a/#", MaximumQoS = QualityOfService.ExactlyOnce })),
        Valid("one filter 3.1.1", V311, "82(0001<a>00)", One(new Subscription { Filter = "a" })),
        Valid("one filter", V50, "82(0001()<a>01)", One(new Subscription { Filter = "a", MaximumQoS = QualityOfService.AtLeastOnce })),
        Valid(
            "three filters 3.1.1", V311, "82(FFFF<a>00<+>01<#>02)",
            new SubscribePacket
            {
                PacketId = 65_535,
                Subscriptions = [new() { Filter = "a" }, new() { Filter = "+", MaximumQoS = QualityOfService.AtLeastOnce }, new() { Filter = "#", MaximumQoS = QualityOfService.ExactlyOnce }],
            }),
        Valid("all options", V50, "82(0001()<a>2E)", One(new Subscription { Filter = "a", MaximumQoS = QualityOfService.ExactlyOnce, NoLocal = true, RetainAsPublished = true, RetainHandling = RetainHandling.DoNotSend })),
        Valid("retain handling 1", V50, "82(0001()<a>10)", One(new Subscription { Filter = "a", RetainHandling = RetainHandling.SendIfNewSubscription })),
        Valid("shared filter", V50, "82(0001()<$share/g/a>01)", One(new Subscription { Filter = "$share/g/a", MaximumQoS = QualityOfService.AtLeastOnce })),
        Valid(
            "all properties", V50, "82(0001(0BFFFFFF7F 26<k><v>)<a>00)",
            new SubscribePacket { PacketId = 1, SubscriptionIdentifier = 268_435_455, UserProperties = [new("k", "v")], Subscriptions = [new() { Filter = "a" }] }),
        Valid("filter that is none is answered in SUBACK", V50, "82(0001()<a/#/b>00)", One(new Subscription { Filter = "a/#/b" })),
        Valid("filter begins with U+FEFF", V311, "82(0001 0004EFBBBF'a' 00)", One(new Subscription { Filter = "\uFEFFa" })),
        Unusual("DUP 3.1", V31, "8A(0001<a>00)", One(new Subscription { Filter = "a" })),
        Refused("flags 0 [MQTT-3.8.1-1]", V50, "80(0001()<a>00)", MalformedPacket),
        Refused("flags 0 3.1.1 [MQTT-3.8.1-1]", V311, "80(0001<a>00)", MalformedPacket),
        Refused("flags 3", V311, "83(0001<a>00)", MalformedPacket),
        Refused("DUP", V311, "8A(0001<a>00)", MalformedPacket),
        Refused("empty body", V50, "8200", MalformedPacket),
        Refused("half an identifier", V311, "820100", MalformedPacket),
        Refused("identifier 0", V50, "82(0000()<a>00)", ProtocolError),
        Refused("identifier 0 3.1.1 [MQTT-2.3.1-1]", V311, "82(0000<a>00)", ProtocolError),
        Refused("no filter [MQTT-3.8.3-2]", V50, "82(0001())", ProtocolError),
        Refused("no filter 3.1.1 [MQTT-3.8.3-3]", V311, "82(0001)", ProtocolError),
        Refused("no property length", V50, "82(0001)", MalformedPacket),
        Refused("filter truncated", V311, "82(0001 0002'a')", MalformedPacket),
        Refused("filter ill-formed [MQTT-3.8.3-1]", V50, "82(0001() 0002C328 00)", MalformedPacket),
        Refused("filter ill-formed 3.1.1 [MQTT-3.8.3-1]", V311, "82(0001 0002C328 00)", MalformedPacket),
        Refused("filter with U+0000 [MQTT-4.7.3-2]", V50, "82(0001() 000100 00)", MalformedPacket),
        Refused("filter with U+0000 3.1.1 [MQTT-4.7.3-2]", V311, "82(0001 000100 00)", MalformedPacket),
        Refused("filter empty [MQTT-4.7.3-1]", V50, "82(0001()<>00)", MalformedPacket),
        Refused("filter empty 3.1.1 [MQTT-4.7.3-1]", V311, "82(0001<>00)", MalformedPacket),
        Refused("second filter empty", V50, "82(0001()<a>00<>00)", MalformedPacket),
        Refused("no options", V50, "82(0001()<a>)", MalformedPacket),
        Refused("no QoS 3.1.1", V311, "82(0001<a>00<b>)", MalformedPacket),
        Refused("reserved bit 6 [MQTT-3.8.3-5]", V50, "82(0001()<a>40)", MalformedPacket),
        Refused("reserved bit 7", V50, "82(0001()<a>80)", MalformedPacket),
        Refused("reserved bit 3.1.1 [MQTT-3.8.3-4]", V311, "82(0001<a>04)", MalformedPacket),
        Refused("QoS 3 3.1.1", V311, "82(0001<a>03)", MalformedPacket),
        Refused("QoS 3 3.1", V31, "82(0001<a>03)", MalformedPacket),
        Refused("QoS 3", V50, "82(0001()<a>03)", ProtocolError),
        Refused("retain handling 3", V50, "82(0001()<a>30)", ProtocolError),
        Refused("no local on a shared filter [MQTT-3.8.3-4]", V50, "82(0001()<$share/g/a>04)", ProtocolError),
        Refused("subscription identifier 0", V50, "82(0001(0B00)<a>00)", ProtocolError),
        Refused("subscription identifier twice", V50, "82(0001(0B010B02)<a>00)", ProtocolError),
        Refused("reason string", V50, "82(0001(1F<s>)<a>00)", MalformedPacket),
    ];

    private static SubscribePacket One(Subscription subscription) => new() { PacketId = 1, Subscriptions = [subscription] };
}
