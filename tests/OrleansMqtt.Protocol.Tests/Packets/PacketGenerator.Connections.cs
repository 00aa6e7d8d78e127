using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.Protocol.Tests.Packets;

/// <summary>CONNECT, CONNACK, DISCONNECT and AUTH.</summary>
internal sealed partial class PacketGenerator
{
    private ConnectPacket Connect(ProtocolVersion version)
    {
        var full = version == ProtocolVersion.V50;
        var userName = MaybeText();
        var method = full ? MaybeText() : null;
        return new ConnectPacket
        {
            Version = version,
            IsBridge = !full && Coin(),
            CleanStart = Coin(),
            KeepAlive = Word(),
            ClientId = Text(),
            UserName = userName,
            Password = full || userName is not null ? Maybe(AnyBytes) : null,
            Will = Coin() ? Will(full) : null,
            SessionExpiryInterval = full ? Maybe(Number) : null,
            ReceiveMaximum = full ? Maybe(Id) : null,
            MaximumPacketSize = full ? Maybe(() => Number() | 1) : null,
            TopicAliasMaximum = full ? Maybe(Word) : null,
            RequestResponseInformation = full ? Maybe(Coin) : null,
            RequestProblemInformation = full ? Maybe(Coin) : null,
            AuthenticationMethod = method,
            AuthenticationData = method is not null ? Maybe(AnyBytes) : null,
            UserProperties = full ? UserProperties() : [],
        };
    }

    private ConnAckPacket ConnAck(ProtocolVersion version)
    {
        var full = version == ProtocolVersion.V50;
        var code = full ? Code(PacketType.ConnAck) : ReasonCodes.FromConnectReturnCode((ConnectReturnCode)random.Next(6));
        var sessionPresent = code == ReasonCode.Success && version != ProtocolVersion.V31 && Coin();
        if (!full) return new ConnAckPacket { SessionPresent = sessionPresent, ReasonCode = code };
        var method = MaybeText();
        return new ConnAckPacket
        {
            SessionPresent = sessionPresent,
            ReasonCode = code,
            SessionExpiryInterval = Maybe(Number),
            ReceiveMaximum = Maybe(Id),
            MaximumQoS = Maybe(() => (QualityOfService)random.Next(2)),
            RetainAvailable = Maybe(Coin),
            MaximumPacketSize = Maybe(() => Number() | 1),
            AssignedClientIdentifier = MaybeText(),
            TopicAliasMaximum = Maybe(Word),
            ReasonString = MaybeText(),
            UserProperties = UserProperties(),
            WildcardSubscriptionAvailable = Maybe(Coin),
            SubscriptionIdentifiersAvailable = Maybe(Coin),
            SharedSubscriptionAvailable = Maybe(Coin),
            ServerKeepAlive = Maybe(Word),
            ResponseInformation = MaybeText(),
            ServerReference = MaybeText(),
            AuthenticationMethod = method,
            AuthenticationData = method is not null ? Maybe(AnyBytes) : null,
        };
    }

    private DisconnectPacket Disconnect(ProtocolVersion version) => version != ProtocolVersion.V50
        ? new DisconnectPacket()
        : new DisconnectPacket
        {
            ReasonCode = Code(PacketType.Disconnect),
            SessionExpiryInterval = Maybe(Number),
            ReasonString = MaybeText(),
            UserProperties = UserProperties(),
            ServerReference = MaybeText(),
        };

    private AuthPacket Auth() => new()
    {
        ReasonCode = Code(PacketType.Auth),
        AuthenticationMethod = Text(),
        AuthenticationData = Maybe(AnyBytes),
        ReasonString = MaybeText(),
        UserProperties = UserProperties(),
    };
}
