using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.Protocol.Codec;

/// <summary>The codec's refusals. Made once, so that refusing costs nothing an attacker could multiply.</summary>
internal static class ProtocolErrors
{
    internal static readonly ProtocolError ReservedType = Malformed("Packet type 0 is reserved.");
    internal static readonly ProtocolError NoSuchTypeInVersion = Error("AUTH does not exist in this protocol version.");
    internal static readonly ProtocolError ReservedFlags = Malformed("The reserved flags of the first byte have the wrong value.");
    internal static readonly ProtocolError QosThree = Malformed("QoS 3 does not exist.");
    internal static readonly ProtocolError DuplicateAtQosZero = Malformed("DUP is set at QoS 0.");
    internal static readonly ProtocolError RemainingLength =
        Malformed("The remaining length is not a variable byte integer of minimal length.");
    internal static readonly ProtocolError TooLarge = new(ReasonCode.PacketTooLarge, "The packet is larger than the maximum packet size.");

    internal static readonly ProtocolError Truncated = Malformed("The packet ends before its last field.");
    internal static readonly ProtocolError BytesLeftOver = Malformed("The packet goes on after its last field.");
    internal static readonly ProtocolError Text = Malformed("A text is truncated, not well-formed UTF-8, or contains U+0000.");
    internal static readonly ProtocolError NoAcknowledgement = Error("The packet is not an acknowledgement of PUBLISH.");
    internal static readonly ProtocolError PacketIdZero = Error("Packet identifier 0 is not allowed.");
    internal static readonly ProtocolError ReasonCodeNotAllowed = Error("The reason code is not allowed in this packet.");
    internal static readonly ProtocolError NoReasonCodes = Error("The packet has no reason code.");

    internal static readonly ProtocolError PropertyLength =
        Malformed("The property length is wrong, or not a variable byte integer of minimal length.");
    internal static readonly ProtocolError PropertyUnknown = Malformed("The property identifier does not exist.");
    internal static readonly ProtocolError PropertyMisplaced = Malformed("The property is not valid for the packet type.");
    internal static readonly ProtocolError PropertyTruncated = Malformed("A property is not a value of its data type.");
    internal static readonly ProtocolError PropertyRepeated = Error("The property may not stand more than once.");
    internal static readonly ProtocolError PropertyOutOfRange = Error("The property's value is out of its range.");
    internal static readonly ProtocolError TopicAliasZero = new(ReasonCode.TopicAliasInvalid, "Topic alias 0 is not allowed.");
    internal static readonly ProtocolError ResponseTopic = Error("The response topic is empty or contains a wildcard.");
    internal static readonly ProtocolError DataWithoutMethod = Error("Authentication data without an authentication method.");
    internal static readonly ProtocolError NoMethod = Error("AUTH without an authentication method.");

    internal static readonly ProtocolError ProtocolName =
        new(ReasonCode.UnsupportedProtocolVersion, "The protocol name is not MQTT or MQIsdp.");
    internal static readonly ProtocolError ProtocolLevel =
        new(ReasonCode.UnsupportedProtocolVersion, "The protocol level is not supported.");
    internal static readonly ProtocolError ConnectReservedFlag = Malformed("The reserved connect flag is set.");
    internal static readonly ProtocolError WillQosThree = Malformed("Will QoS 3 does not exist.");
    internal static readonly ProtocolError WillFlagsWithoutWill = Malformed("Will QoS or will retain is set without a will.");
    internal static readonly ProtocolError PasswordWithoutUserName = Malformed("A password without a user name is not allowed before 5.0.");
    internal static readonly ProtocolError WillTopic = new(ReasonCode.TopicNameInvalid, "The will topic is empty or contains a wildcard.");

    internal static readonly ProtocolError ConnAckFlags = Malformed("The reserved bits of the acknowledge flags are set.");
    internal static readonly ProtocolError SessionPresentAtFailure = Error("Session present is set beside a failure.");
    internal static readonly ProtocolError ReturnCode = Error("The return code is reserved.");

    internal static readonly ProtocolError TopicWildcard = new(ReasonCode.TopicNameInvalid, "The topic name contains a wildcard.");
    internal static readonly ProtocolError TopicEmpty = new(ReasonCode.TopicNameInvalid, "The topic name is empty.");
    internal static readonly ProtocolError TopicEmptyWithoutAlias = Error("The topic name is empty, and there is no topic alias.");
    internal static readonly ProtocolError SubscriptionIdentifierFromClient =
        Error("A client may not send a subscription identifier in PUBLISH.");

    internal static readonly ProtocolError NoFilters = Error("The packet has no topic filter.");
    internal static readonly ProtocolError FilterEmpty = Malformed("A topic filter is empty.");
    internal static readonly ProtocolError SubscriptionReservedBits = Malformed("Reserved bits of the subscription options are set.");
    internal static readonly ProtocolError SubscriptionQosThree = Error("Maximum QoS 3 does not exist.");
    internal static readonly ProtocolError RequestedQos = Malformed("The requested QoS is not 0, 1 or 2.");
    internal static readonly ProtocolError RetainHandlingThree = Error("Retain handling 3 does not exist.");
    internal static readonly ProtocolError NoLocalShared = Error("No local is set on a shared subscription.");

    private static ProtocolError Malformed(string description) => new(ReasonCode.MalformedPacket, description);

    private static ProtocolError Error(string description) => new(ReasonCode.ProtocolError, description);
}
