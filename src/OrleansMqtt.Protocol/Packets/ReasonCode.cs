namespace OrleansMqtt.Protocol.Packets;

/// <summary>Result of an operation (MQTT 5.0 section 2.4). Values from 0x80 up are failures.</summary>
public enum ReasonCode : byte
{
    /// <summary>0x00: success; also normal disconnection, and QoS 0 granted.</summary>
    Success = 0x00,

    /// <summary>0x00 in DISCONNECT: close normally, do not send the will.</summary>
    NormalDisconnection = Success,

    /// <summary>0x00 in SUBACK: accepted with maximum QoS 0.</summary>
    GrantedQos0 = Success,

    /// <summary>0x01 in SUBACK: accepted with maximum QoS 1.</summary>
    GrantedQos1 = 0x01,

    /// <summary>0x02 in SUBACK: accepted with maximum QoS 2.</summary>
    GrantedQos2 = 0x02,

    /// <summary>0x04: the client leaves, and asks for its will to be published.</summary>
    DisconnectWithWill = 0x04,

    /// <summary>0x10: the message was accepted, but nobody subscribes to it.</summary>
    NoMatchingSubscribers = 0x10,

    /// <summary>0x11 in UNSUBACK: no such subscription.</summary>
    NoSubscriptionExisted = 0x11,

    /// <summary>0x18 in AUTH: another step of the exchange follows.</summary>
    ContinueAuthentication = 0x18,

    /// <summary>0x19 in AUTH: the client begins to authenticate again.</summary>
    ReAuthenticate = 0x19,

    /// <summary>0x80: a failure that the sender does not explain.</summary>
    UnspecifiedError = 0x80,

    /// <summary>0x81: the packet could not be parsed.</summary>
    MalformedPacket = 0x81,

    /// <summary>0x82: the packet could be parsed, but breaks a rule.</summary>
    ProtocolError = 0x82,

    /// <summary>0x83: valid, but not accepted by this implementation.</summary>
    ImplementationSpecificError = 0x83,

    /// <summary>0x84: the server does not speak the requested version.</summary>
    UnsupportedProtocolVersion = 0x84,

    /// <summary>0x85: the client identifier is valid text, but not allowed.</summary>
    ClientIdentifierNotValid = 0x85,

    /// <summary>0x86: user name or password refused.</summary>
    BadUserNameOrPassword = 0x86,

    /// <summary>0x87: the client may not do this.</summary>
    NotAuthorized = 0x87,

    /// <summary>0x88: the server is not available.</summary>
    ServerUnavailable = 0x88,

    /// <summary>0x89: the server is busy; try again later.</summary>
    ServerBusy = 0x89,

    /// <summary>0x8A: the client is banned by administrative action.</summary>
    Banned = 0x8A,

    /// <summary>0x8B: the server is shutting down.</summary>
    ServerShuttingDown = 0x8B,

    /// <summary>0x8C: the authentication method is not supported, or is not the one in use.</summary>
    BadAuthenticationMethod = 0x8C,

    /// <summary>0x8D: nothing was received for one and a half times the keep alive.</summary>
    KeepAliveTimeout = 0x8D,

    /// <summary>0x8E: another connection took the client identifier over.</summary>
    SessionTakenOver = 0x8E,

    /// <summary>0x8F: the topic filter is correct, but not allowed.</summary>
    TopicFilterInvalid = 0x8F,

    /// <summary>0x90: the topic name is not accepted.</summary>
    TopicNameInvalid = 0x90,

    /// <summary>0x91: the packet identifier is already in use.</summary>
    PacketIdentifierInUse = 0x91,

    /// <summary>0x92: the packet identifier is not known.</summary>
    PacketIdentifierNotFound = 0x92,

    /// <summary>0x93: more messages unacknowledged than the receive maximum permits.</summary>
    ReceiveMaximumExceeded = 0x93,

    /// <summary>0x94: the topic alias is zero or above the maximum.</summary>
    TopicAliasInvalid = 0x94,

    /// <summary>0x95: the packet is larger than the maximum packet size.</summary>
    PacketTooLarge = 0x95,

    /// <summary>0x96: messages arrive too fast.</summary>
    MessageRateTooHigh = 0x96,

    /// <summary>0x97: a limit imposed by the implementation or the administrator was exceeded.</summary>
    QuotaExceeded = 0x97,

    /// <summary>0x98: closed by administrative action.</summary>
    AdministrativeAction = 0x98,

    /// <summary>0x99: the payload is not what its format indicator says.</summary>
    PayloadFormatInvalid = 0x99,

    /// <summary>0x9A: the server does not support retained messages.</summary>
    RetainNotSupported = 0x9A,

    /// <summary>0x9B: the QoS is above the maximum that CONNACK named.</summary>
    QosNotSupported = 0x9B,

    /// <summary>0x9C: use another server for now.</summary>
    UseAnotherServer = 0x9C,

    /// <summary>0x9D: use another server from now on.</summary>
    ServerMoved = 0x9D,

    /// <summary>0x9E: the server does not support shared subscriptions.</summary>
    SharedSubscriptionsNotSupported = 0x9E,

    /// <summary>0x9F: connections arrive too fast.</summary>
    ConnectionRateExceeded = 0x9F,

    /// <summary>0xA0: the longest time authorized for this connection is over.</summary>
    MaximumConnectTime = 0xA0,

    /// <summary>0xA1: the server does not support subscription identifiers.</summary>
    SubscriptionIdentifiersNotSupported = 0xA1,

    /// <summary>0xA2: the server does not support wildcard subscriptions.</summary>
    WildcardSubscriptionsNotSupported = 0xA2,
}
