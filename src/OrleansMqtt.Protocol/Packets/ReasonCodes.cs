using OrleansMqtt.Protocol.Codec;
using static OrleansMqtt.Protocol.Packets.ReasonCode;

namespace OrleansMqtt.Protocol.Packets;

/// <summary>Which reason codes a packet may carry, and how they map to the return codes of 3.1 and 3.1.1.</summary>
public static class ReasonCodes
{
    private static readonly ReasonCodeSet ConnAck = new(
        Success, UnspecifiedError, MalformedPacket, ReasonCode.ProtocolError, ImplementationSpecificError, UnsupportedProtocolVersion,
        ClientIdentifierNotValid, BadUserNameOrPassword, NotAuthorized, ServerUnavailable, ServerBusy, Banned, BadAuthenticationMethod,
        TopicNameInvalid, PacketTooLarge, QuotaExceeded, PayloadFormatInvalid, RetainNotSupported, QosNotSupported, UseAnotherServer,
        ServerMoved, ConnectionRateExceeded);

    private static readonly ReasonCodeSet PublishResultFromServer = new(
        Success, NoMatchingSubscribers, UnspecifiedError, ImplementationSpecificError, NotAuthorized, TopicNameInvalid,
        PacketIdentifierInUse, QuotaExceeded, PayloadFormatInvalid);

    private static readonly ReasonCodeSet PublishResultFromClient = new(
        Success, UnspecifiedError, ImplementationSpecificError, NotAuthorized, TopicNameInvalid, PacketIdentifierInUse, QuotaExceeded,
        PayloadFormatInvalid);

    private static readonly ReasonCodeSet Release = new(Success, PacketIdentifierNotFound);

    private static readonly ReasonCodeSet SubAck = new(
        GrantedQos0, GrantedQos1, GrantedQos2, UnspecifiedError, ImplementationSpecificError, NotAuthorized, TopicFilterInvalid,
        PacketIdentifierInUse, QuotaExceeded, SharedSubscriptionsNotSupported, SubscriptionIdentifiersNotSupported,
        WildcardSubscriptionsNotSupported);

    private static readonly ReasonCodeSet UnsubAck = new(
        Success, NoSubscriptionExisted, UnspecifiedError, ImplementationSpecificError, NotAuthorized, TopicFilterInvalid,
        PacketIdentifierInUse);

    private static readonly ReasonCodeSet DisconnectFromClient = new(
        NormalDisconnection, DisconnectWithWill, UnspecifiedError, MalformedPacket, ReasonCode.ProtocolError, ImplementationSpecificError,
        BadAuthenticationMethod, TopicNameInvalid, ReceiveMaximumExceeded, TopicAliasInvalid, PacketTooLarge, MessageRateTooHigh,
        QuotaExceeded, AdministrativeAction, PayloadFormatInvalid);

    private static readonly ReasonCodeSet DisconnectFromServer = new(
        NormalDisconnection, UnspecifiedError, MalformedPacket, ReasonCode.ProtocolError, ImplementationSpecificError, NotAuthorized,
        ServerBusy, ServerShuttingDown, BadAuthenticationMethod, KeepAliveTimeout, SessionTakenOver, TopicFilterInvalid, TopicNameInvalid,
        ReceiveMaximumExceeded, TopicAliasInvalid, PacketTooLarge, MessageRateTooHigh, QuotaExceeded, AdministrativeAction,
        PayloadFormatInvalid, RetainNotSupported, QosNotSupported, UseAnotherServer, ServerMoved, SharedSubscriptionsNotSupported,
        ConnectionRateExceeded, MaximumConnectTime, SubscriptionIdentifiersNotSupported, WildcardSubscriptionsNotSupported);

    private static readonly ReasonCodeSet AuthFromClient = new(ContinueAuthentication, ReAuthenticate);

    private static readonly ReasonCodeSet AuthFromServer = new(Success, ContinueAuthentication);

    /// <summary>Whether 5.0 lets <paramref name="sender"/> put <paramref name="code"/> into a packet of this type.
    /// False for every code of a packet that has none, or that this side never sends.</summary>
    public static bool IsAllowed(PacketType type, ReasonCode code, PublishOrigin sender)
    {
        var fromServer = sender == PublishOrigin.Server;
        return type switch
        {
            PacketType.ConnAck => fromServer && ConnAck.Contains(code), // [MQTT-3.2.2-8]
            PacketType.PubAck or PacketType.PubRec => // [MQTT-3.4.2-1], [MQTT-3.5.2-1]
                (fromServer ? PublishResultFromServer : PublishResultFromClient).Contains(code),
            PacketType.PubRel or PacketType.PubComp => Release.Contains(code), // [MQTT-3.6.2-1], [MQTT-3.7.2-1]
            PacketType.SubAck => fromServer && SubAck.Contains(code), // [MQTT-3.9.3-2]
            PacketType.UnsubAck => fromServer && UnsubAck.Contains(code), // [MQTT-3.11.3-2]
            PacketType.Disconnect => (fromServer ? DisconnectFromServer : DisconnectFromClient).Contains(code), // [MQTT-3.14.2-1]
            PacketType.Auth => (fromServer ? AuthFromServer : AuthFromClient).Contains(code), // [MQTT-3.15.2-1]
            _ => false,
        };
    }

    /// <summary>Whether 5.0 lets either side put <paramref name="code"/> into a packet of this type.</summary>
    public static bool IsAllowed(PacketType type, ReasonCode code) =>
        IsAllowed(type, code, PublishOrigin.Server) || IsAllowed(type, code, PublishOrigin.Client);

    /// <summary>Whether the code reports a failure: 0x80 and above.</summary>
    public static bool IsFailure(this ReasonCode code) => (byte)code >= 0x80;

    /// <summary>The return code by which 3.1 and 3.1.1 come closest to <paramref name="code"/> in CONNACK. What they
    /// cannot say becomes <see cref="ConnectReturnCode.ServerUnavailable"/>, as a refusal the client may retry.</summary>
    public static ConnectReturnCode ToConnectReturnCode(ReasonCode code) => code switch
    {
        Success => ConnectReturnCode.Accepted,
        UnsupportedProtocolVersion => ConnectReturnCode.UnacceptableProtocolVersion,
        ClientIdentifierNotValid => ConnectReturnCode.IdentifierRejected,
        BadUserNameOrPassword or BadAuthenticationMethod => ConnectReturnCode.BadUserNameOrPassword,
        NotAuthorized or Banned or TopicNameInvalid or RetainNotSupported or QosNotSupported => ConnectReturnCode.NotAuthorized,
        _ => ConnectReturnCode.ServerUnavailable,
    };

    /// <summary>The reason code that says in 5.0 what <paramref name="code"/> says in 3.1 and 3.1.1.</summary>
    public static ReasonCode FromConnectReturnCode(ConnectReturnCode code) => code switch
    {
        ConnectReturnCode.Accepted => Success,
        ConnectReturnCode.UnacceptableProtocolVersion => UnsupportedProtocolVersion,
        ConnectReturnCode.IdentifierRejected => ClientIdentifierNotValid,
        ConnectReturnCode.ServerUnavailable => ServerUnavailable,
        ConnectReturnCode.BadUserNameOrPassword => BadUserNameOrPassword,
        ConnectReturnCode.NotAuthorized => NotAuthorized,
        _ => UnspecifiedError,
    };
}
