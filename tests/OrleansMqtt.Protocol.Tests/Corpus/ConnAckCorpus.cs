using OrleansMqtt.Protocol.Packets;
using static OrleansMqtt.Protocol.Packets.ProtocolVersion;
using static OrleansMqtt.Protocol.Packets.ReasonCode;
using static OrleansMqtt.Protocol.Tests.Corpus.CorpusPacket;

namespace OrleansMqtt.Protocol.Tests.Corpus;

internal static class ConnAckCorpus
{
    internal static IReadOnlyList<CorpusPacket> Packets { get; } =
    [
        Valid("accepted 3.1", V31, "2002 0000", new ConnAckPacket()),
        Valid("accepted 3.1.1", V311, "2002 0000", new ConnAckPacket()),
        Valid("accepted [MQTT-2.2.2-1]", V50, "20(0000())", new ConnAckPacket()),
        Valid("session present 3.1.1", V311, "2002 0100", new ConnAckPacket { SessionPresent = true }),
        Valid("session present", V50, "20(0100())", new ConnAckPacket { SessionPresent = true }),
        Unusual("unused byte 3.1", V31, "2002 FF00", new ConnAckPacket()),
        Valid("level refused 3.1.1", V311, "2002 0001", new ConnAckPacket { ReasonCode = UnsupportedProtocolVersion }),
        Valid("identifier refused 3.1", V31, "2002 0002", new ConnAckPacket { ReasonCode = ClientIdentifierNotValid }),
        Valid("unavailable 3.1.1", V311, "2002 0003", new ConnAckPacket { ReasonCode = ServerUnavailable }),
        Valid("credentials refused 3.1.1", V311, "2002 0004", new ConnAckPacket { ReasonCode = BadUserNameOrPassword }),
        Valid("not authorized 3.1.1", V311, "2002 0005", new ConnAckPacket { ReasonCode = NotAuthorized }),
        Valid("not authorized", V50, "20(0087())", new ConnAckPacket { ReasonCode = NotAuthorized }),
        Valid("connection rate exceeded", V50, "20(009F())", new ConnAckPacket { ReasonCode = ConnectionRateExceeded }),
        Valid(
            "all properties", V50,
            "20(0000(110000000A 210001 2401 2500 2700000001 12<i> 220005 1F<s> 26<k><v> 2800 2901 2A00 13003C 1A<n> 1C<e> 15<m> 160001AA))",
            new ConnAckPacket
            {
                SessionExpiryInterval = 10, ReceiveMaximum = 1, MaximumQoS = QualityOfService.AtLeastOnce, RetainAvailable = false, MaximumPacketSize = 1,
                AssignedClientIdentifier = "i", TopicAliasMaximum = 5, ReasonString = "s", UserProperties = [new("k", "v")],
                WildcardSubscriptionAvailable = false, SubscriptionIdentifiersAvailable = true, SharedSubscriptionAvailable = false,
                ServerKeepAlive = 60, ResponseInformation = "n", ServerReference = "e", AuthenticationMethod = "m", AuthenticationData = new byte[] { 0xAA },
            }),
        Valid("maximum QoS 0", V50, "20(0000(2400))", new ConnAckPacket { MaximumQoS = QualityOfService.AtMostOnce }),
        Refused("empty body", V50, "2000", MalformedPacket),
        Refused("one byte 3.1.1", V311, "2001 00", MalformedPacket),
        Refused("no property length", V50, "2002 0000", MalformedPacket),
        Refused("bytes left over 3.1.1", V311, "2003 000000", MalformedPacket),
        Refused("bytes left over", V50, "20(0000()00)", MalformedPacket),
        Refused("reserved flags [MQTT-3.2.2-1]", V50, "20(0200())", MalformedPacket),
        Refused("reserved flags 3.1.1", V311, "2002 8000", MalformedPacket),
        Refused("session present beside a failure [MQTT-3.2.2-6]", V50, "20(0187())", ProtocolError),
        Refused("session present beside a failure 3.1.1", V311, "2002 0105", ProtocolError),
        Refused("return code 6 3.1.1", V311, "2002 0006", ProtocolError),
        Refused("reason code of 3.1.1 [MQTT-3.2.2-8]", V50, "20(0001())", ProtocolError),
        Refused("reason code of another packet", V50, "20(008E())", ProtocolError),
        Refused("reason code unknown", V50, "20(00C0())", ProtocolError),
        Refused("maximum QoS 2", V50, "20(0000(2402))", ProtocolError),
        Refused("retain available 2", V50, "20(0000(2502))", ProtocolError),
        Refused("wildcard subscription available 2", V50, "20(0000(2802))", ProtocolError),
        Refused("subscription identifiers available 2", V50, "20(0000(2902))", ProtocolError),
        Refused("shared subscription available 2", V50, "20(0000(2A02))", ProtocolError),
        Refused("receive maximum 0", V50, "20(0000(210000))", ProtocolError),
        Refused("maximum packet size 0", V50, "20(0000(2700000000))", ProtocolError),
        Refused("server keep alive twice", V50, "20(0000(13003C13003C))", ProtocolError),
        Refused("authentication data without method", V50, "20(0000(160000))", ProtocolError),
        Refused("property of CONNECT", V50, "20(0000(1700))", MalformedPacket),
        Refused("reason string ill-formed", V50, "20(0000(1F0001FF))", MalformedPacket),
    ];
}
