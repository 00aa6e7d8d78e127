namespace OrleansMqtt.Protocol.Packets;

/// <summary>The properties of MQTT 5.0 (section 2.2.2.2, table 2-4).</summary>
public enum PropertyId : byte
{
    /// <summary>Byte, 0 or 1: whether the payload is UTF-8 text. PUBLISH, will.</summary>
    PayloadFormatIndicator = 1,

    /// <summary>Four bytes, seconds: life of the message. PUBLISH, will.</summary>
    MessageExpiryInterval = 2,

    /// <summary>Text: what the payload is. PUBLISH, will.</summary>
    ContentType = 3,

    /// <summary>Text, a topic name: where to answer. PUBLISH, will.</summary>
    ResponseTopic = 8,

    /// <summary>Binary: which request an answer belongs to. PUBLISH, will.</summary>
    CorrelationData = 9,

    /// <summary>Variable byte integer, 1 to 268,435,455. SUBSCRIBE, and any number of times PUBLISH from a server.</summary>
    SubscriptionIdentifier = 11,

    /// <summary>Four bytes, seconds; 0xFFFFFFFF never expires. CONNECT, CONNACK, DISCONNECT.</summary>
    SessionExpiryInterval = 17,

    /// <summary>Text: the identifier given to a client that had none. CONNACK.</summary>
    AssignedClientIdentifier = 18,

    /// <summary>Two bytes, seconds. CONNACK.</summary>
    ServerKeepAlive = 19,

    /// <summary>Text. CONNECT, CONNACK, AUTH.</summary>
    AuthenticationMethod = 21,

    /// <summary>Binary. CONNECT, CONNACK, AUTH.</summary>
    AuthenticationData = 22,

    /// <summary>Byte, 0 or 1. CONNECT.</summary>
    RequestProblemInformation = 23,

    /// <summary>Four bytes, seconds. Will.</summary>
    WillDelayInterval = 24,

    /// <summary>Byte, 0 or 1. CONNECT.</summary>
    RequestResponseInformation = 25,

    /// <summary>Text. CONNACK.</summary>
    ResponseInformation = 26,

    /// <summary>Text: other servers to use. CONNACK, DISCONNECT.</summary>
    ServerReference = 28,

    /// <summary>Text for people to read. CONNACK, PUBACK, PUBREC, PUBREL, PUBCOMP, SUBACK, UNSUBACK, DISCONNECT, AUTH.</summary>
    ReasonString = 31,

    /// <summary>Two bytes, 1 to 65,535. CONNECT, CONNACK.</summary>
    ReceiveMaximum = 33,

    /// <summary>Two bytes; 0 permits no alias. CONNECT, CONNACK.</summary>
    TopicAliasMaximum = 34,

    /// <summary>Two bytes, 1 to 65,535. PUBLISH.</summary>
    TopicAlias = 35,

    /// <summary>Byte, 0 or 1. CONNACK.</summary>
    MaximumQoS = 36,

    /// <summary>Byte, 0 or 1. CONNACK.</summary>
    RetainAvailable = 37,

    /// <summary>Pair of texts; any packet with properties, any number of times.</summary>
    UserProperty = 38,

    /// <summary>Four bytes, at least 1: bytes. CONNECT, CONNACK.</summary>
    MaximumPacketSize = 39,

    /// <summary>Byte, 0 or 1. CONNACK.</summary>
    WildcardSubscriptionAvailable = 40,

    /// <summary>Byte, 0 or 1. CONNACK.</summary>
    SubscriptionIdentifiersAvailable = 41,

    /// <summary>Byte, 0 or 1. CONNACK.</summary>
    SharedSubscriptionAvailable = 42,
}
