using OrleansMqtt.Protocol.Packets;
using static OrleansMqtt.Protocol.Codec.PropertyLocation;

namespace OrleansMqtt.Protocol.Codec;

/// <summary>Table 2-4 of MQTT 5.0: the type of each property, where it may stand, and how often.</summary>
public static class PropertyRules
{
    private const int Count = (int)PropertyId.SharedSubscriptionAvailable + 1;

    private static readonly PropertyType[] Types = new PropertyType[Count];

    /// <summary>For each property a mask of the locations it may stand in.</summary>
    private static readonly ushort[] Locations = new ushort[Count];

#pragma warning disable CA1810 // One table, filled in one place, reads better than two initializers that must agree.
    static PropertyRules()
    {
        Define(PropertyId.PayloadFormatIndicator, PropertyType.Byte, Publish, PropertyLocation.Will);
        Define(PropertyId.MessageExpiryInterval, PropertyType.FourByteInteger, Publish, PropertyLocation.Will);
        Define(PropertyId.ContentType, PropertyType.Text, Publish, PropertyLocation.Will);
        Define(PropertyId.ResponseTopic, PropertyType.Text, Publish, PropertyLocation.Will);
        Define(PropertyId.CorrelationData, PropertyType.Binary, Publish, PropertyLocation.Will);
        Define(PropertyId.SubscriptionIdentifier, PropertyType.VariableByteInteger, Publish, Subscribe);
        Define(PropertyId.SessionExpiryInterval, PropertyType.FourByteInteger, Connect, ConnAck, Disconnect);
        Define(PropertyId.AssignedClientIdentifier, PropertyType.Text, ConnAck);
        Define(PropertyId.ServerKeepAlive, PropertyType.TwoByteInteger, ConnAck);
        Define(PropertyId.AuthenticationMethod, PropertyType.Text, Connect, ConnAck, Auth);
        Define(PropertyId.AuthenticationData, PropertyType.Binary, Connect, ConnAck, Auth);
        Define(PropertyId.RequestProblemInformation, PropertyType.Byte, Connect);
        Define(PropertyId.WillDelayInterval, PropertyType.FourByteInteger, PropertyLocation.Will);
        Define(PropertyId.RequestResponseInformation, PropertyType.Byte, Connect);
        Define(PropertyId.ResponseInformation, PropertyType.Text, ConnAck);
        Define(PropertyId.ServerReference, PropertyType.Text, ConnAck, Disconnect);
        Define(PropertyId.ReasonString, PropertyType.Text, ConnAck, PubAck, PubRec, PubRel, PubComp, SubAck, UnsubAck, Disconnect, Auth);
        Define(PropertyId.ReceiveMaximum, PropertyType.TwoByteInteger, Connect, ConnAck);
        Define(PropertyId.TopicAliasMaximum, PropertyType.TwoByteInteger, Connect, ConnAck);
        Define(PropertyId.TopicAlias, PropertyType.TwoByteInteger, Publish);
        Define(PropertyId.MaximumQoS, PropertyType.Byte, ConnAck);
        Define(PropertyId.RetainAvailable, PropertyType.Byte, ConnAck);
        Define(
            PropertyId.UserProperty, PropertyType.TextPair, PropertyLocation.Will, Connect, ConnAck, Publish, PubAck, PubRec, PubRel, PubComp,
            Subscribe, SubAck, Unsubscribe, UnsubAck, Disconnect, Auth);
        Define(PropertyId.MaximumPacketSize, PropertyType.FourByteInteger, Connect, ConnAck);
        Define(PropertyId.WildcardSubscriptionAvailable, PropertyType.Byte, ConnAck);
        Define(PropertyId.SubscriptionIdentifiersAvailable, PropertyType.Byte, ConnAck);
        Define(PropertyId.SharedSubscriptionAvailable, PropertyType.Byte, ConnAck);
    }
#pragma warning restore CA1810

    /// <summary>The data type of a property; <see cref="PropertyType.None"/> if it does not exist.</summary>
    public static PropertyType GetPropertyType(PropertyId id) => (int)id < Count ? Types[(int)id] : PropertyType.None;

    /// <summary>Whether the property may stand at <paramref name="location"/>.</summary>
    public static bool IsAllowed(PropertyId id, PropertyLocation location) =>
        (int)id < Count && (Locations[(int)id] >> (int)location & 1) != 0;

    /// <summary>Whether the property may stand there more than once.</summary>
    public static bool MayRepeat(PropertyId id, PropertyLocation location) =>
        id == PropertyId.UserProperty || (id == PropertyId.SubscriptionIdentifier && location == Publish);

    private static void Define(PropertyId id, PropertyType type, params ReadOnlySpan<PropertyLocation> locations)
    {
        Types[(int)id] = type;
        foreach (var location in locations) Locations[(int)id] |= (ushort)(1 << (int)location);
    }
}
