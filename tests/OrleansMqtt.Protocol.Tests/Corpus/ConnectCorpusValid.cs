using OrleansMqtt.Protocol.Codec;
using OrleansMqtt.Protocol.Packets;
using static OrleansMqtt.Protocol.Packets.ProtocolVersion;
using static OrleansMqtt.Protocol.Tests.Corpus.CorpusPacket;

namespace OrleansMqtt.Protocol.Tests.Corpus;

internal static class ConnectCorpusValid
{
    private static readonly byte[] P = "p"u8.ToArray();

    internal static IReadOnlyList<CorpusPacket> Packets { get; } =
    [
        Valid("minimal 3.1", V31, "10(<MQIsdp>0302 003C<a>)", new ConnectPacket { Version = V31, CleanStart = true, KeepAlive = 60, ClientId = "a" }),
        Valid("minimal 3.1.1", V311, "10(<MQTT>0402 003C<a>)", new ConnectPacket { Version = V311, CleanStart = true, KeepAlive = 60, ClientId = "a" }),
        Valid("minimal 5.0", V50, "10(<MQTT>0502 003C()<a>)", new ConnectPacket { CleanStart = true, KeepAlive = 60, ClientId = "a" }),
        Valid("on a connection of unknown version", V311, "10(<MQTT>0502 003C()<a>)", new ConnectPacket { CleanStart = true, KeepAlive = 60, ClientId = "a" }),
        Valid("keep alive off", V50, "10(<MQTT>0500 0000()<a>)", new ConnectPacket { ClientId = "a" }),
        Valid("keep alive largest", V311, "10(<MQTT>0400 FFFF<a>)", new ConnectPacket { Version = V311, KeepAlive = 65_535, ClientId = "a" }),
        Valid("empty client identifier 3.1.1", V311, "10(<MQTT>0402 003C<>)", new ConnectPacket { Version = V311, CleanStart = true, KeepAlive = 60 }),
        Valid("empty client identifier", V50, "10(<MQTT>0502 003C()<>)", new ConnectPacket { CleanStart = true, KeepAlive = 60 }),
        Valid("empty client identifier 3.1", V31, "10(<MQIsdp>0302 003C<>)", new ConnectPacket { Version = V31, CleanStart = true, KeepAlive = 60 }),
        Valid("client identifier of all Unicode lengths", V50, "10(<MQTT>0502 003C()<aü€𝄞>)", new ConnectPacket { CleanStart = true, KeepAlive = 60, ClientId = "aü€𝄞" }),
        Valid("client identifier begins with U+FEFF [MQTT-1.5.4-3]", V50, "10(<MQTT>0502 003C()0004EFBBBF'a')", new ConnectPacket { CleanStart = true, KeepAlive = 60, ClientId = "\uFEFFa" }),
        Valid("client identifier begins with U+FEFF 3.1.1 [MQTT-1.5.3-3]", V311, "10(<MQTT>0402 003C 0004EFBBBF'a')", new ConnectPacket { Version = V311, CleanStart = true, KeepAlive = 60, ClientId = "\uFEFFa" }),
        Valid("bridge 3.1", V31, "10(<MQIsdp>8302 003C<a>)", new ConnectPacket { Version = V31, IsBridge = true, CleanStart = true, KeepAlive = 60, ClientId = "a" }),
        Valid("bridge 3.1.1", V311, "10(<MQTT>8402 003C<a>)", new ConnectPacket { Version = V311, IsBridge = true, CleanStart = true, KeepAlive = 60, ClientId = "a" }),
        Valid(
            "all fields in order 3.1.1 [MQTT-3.1.3-1]", V311, "10(<MQTT>04F6 003C<a><t><p><u><p>)",
            new ConnectPacket { Version = V311, CleanStart = true, KeepAlive = 60, ClientId = "a", UserName = "u", Password = P, Will = new Will { Topic = "t", Payload = P, QoS = QualityOfService.ExactlyOnce, Retain = true } }),
        Valid(
            "all fields in order [MQTT-3.1.3-1]", V50, "10(<MQTT>05EE 003C()<a>()<t><p><u><p>)",
            new ConnectPacket { CleanStart = true, KeepAlive = 60, ClientId = "a", UserName = "u", Password = P, Will = new Will { Topic = "t", Payload = P, QoS = QualityOfService.AtLeastOnce, Retain = true } }),
        Valid(
            "all fields 3.1", V31, "10(<MQIsdp>03C6 003C<a><t><p><u><p>)",
            new ConnectPacket { Version = V31, CleanStart = true, KeepAlive = 60, ClientId = "a", UserName = "u", Password = P, Will = new Will { Topic = "t", Payload = P } }),
        Unusual("user name flag without user name 3.1", V31, "10(<MQIsdp>0382 003C<a>)", new ConnectPacket { Version = V31, CleanStart = true, KeepAlive = 60, ClientId = "a" }),
        Unusual("password flag without password 3.1", V31, "10(<MQIsdp>03C2 003C<a><u>)", new ConnectPacket { Version = V31, CleanStart = true, KeepAlive = 60, ClientId = "a", UserName = "u" }),
        Unusual("reserved flag 3.1", V31, "10(<MQIsdp>0303 003C<a>)", new ConnectPacket { Version = V31, CleanStart = true, KeepAlive = 60, ClientId = "a" }),
        Valid("will payload empty", V311, "10(<MQTT>0406 003C<a><t>0000)", new ConnectPacket { Version = V311, CleanStart = true, KeepAlive = 60, ClientId = "a", Will = new Will { Topic = "t" } }),
        Valid("password without user name", V50, "10(<MQTT>0542 003C()<a><p>)", new ConnectPacket { CleanStart = true, KeepAlive = 60, ClientId = "a", Password = P }),
        Valid("password binary", V50, "10(<MQTT>0542 003C()<a>000300FFC3)", new ConnectPacket { CleanStart = true, KeepAlive = 60, ClientId = "a", Password = new byte[] { 0, 0xFF, 0xC3 } }),
        Valid("user name and password empty", V311, "10(<MQTT>04C2 003C<a><>0000)", new ConnectPacket { Version = V311, CleanStart = true, KeepAlive = 60, ClientId = "a", UserName = "", Password = Array.Empty<byte>() }),
        Valid(
            "all properties", V50,
            "10(<MQTT>0502 003C(11FFFFFFFF 210001 2700000001 22FFFF 1901 1700 15<m> 1600010F 26<k><v> 26<k><>)<a>)",
            new ConnectPacket
            {
                CleanStart = true, KeepAlive = 60, ClientId = "a", SessionExpiryInterval = uint.MaxValue, ReceiveMaximum = 1, MaximumPacketSize = 1,
                TopicAliasMaximum = 65_535, RequestResponseInformation = true, RequestProblemInformation = false, AuthenticationMethod = "m",
                AuthenticationData = new byte[] { 0x0F }, UserProperties = [new("k", "v"), new("k", "")],
            }),
        Unusual(
            "properties in another order", V50, "10(<MQTT>0502 003C(26<k><v> 1600010F 15<m> 220000)<a>)",
            new ConnectPacket { CleanStart = true, KeepAlive = 60, ClientId = "a", TopicAliasMaximum = 0, AuthenticationMethod = "m", AuthenticationData = new byte[] { 0x0F }, UserProperties = [new("k", "v")] }),
        Valid(
            "all will properties", V50,
            "10(<MQTT>0506 003C()<a>(1800000005 0200000007 0101 03<c> 08<r> 09000155 26<k><v> 26<j><w>)<t><p>)",
            new ConnectPacket
            {
                CleanStart = true, KeepAlive = 60, ClientId = "a",
                Will = new Will
                {
                    Topic = "t", Payload = P, DelayInterval = 5, MessageExpiryInterval = 7,
                    ForwardedProperties = MessageProperties.Encode(true, "c", "r", new byte[] { 0x55 }, [new("k", "v"), new("j", "w")]),
                },
            }),
        Unusual(
            "will properties mixed with delay and expiry", V50, "10(<MQTT>0506 003C()<a>(0101 1800000005 03<c> 0200000007 26<k><v>)<t><p>)",
            new ConnectPacket
            {
                CleanStart = true, KeepAlive = 60, ClientId = "a",
                Will = new Will { Topic = "t", Payload = P, DelayInterval = 5, MessageExpiryInterval = 7, ForwardedProperties = MessageProperties.Encode(true, "c", null, null, [new("k", "v")]) },
            }),
        Unusual("will delay interval 0", V50, "10(<MQTT>0506 003C()<a>(1800000000)<t><p>)", new ConnectPacket { CleanStart = true, KeepAlive = 60, ClientId = "a", Will = new Will { Topic = "t", Payload = P } }),
    ];
}
