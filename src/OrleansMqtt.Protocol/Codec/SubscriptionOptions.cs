using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Protocol.Topics;

namespace OrleansMqtt.Protocol.Codec;

/// <summary>The byte after each filter of SUBSCRIBE (MQTT 5.0 section 3.8.3.1).</summary>
internal static class SubscriptionOptions
{
    private const int Qos = 0x03;
    private const int NoLocal = 0x04;
    private const int RetainAsPublished = 0x08;
    private const int RetainHandlingShift = 4;
    private const int Reserved = 0xC0;

    internal static byte Encode(Subscription subscription)
    {
        if (subscription.NoLocal && SharedFilter.IsShared(subscription.Filter)) // [MQTT-3.8.3-4]
            throw new ArgumentException("No local is set on a shared subscription.", nameof(subscription));
        return (byte)((int)subscription.MaximumQoS
            | (subscription.NoLocal ? NoLocal : 0)
            | (subscription.RetainAsPublished ? RetainAsPublished : 0)
            | (int)subscription.RetainHandling << RetainHandlingShift);
    }

    internal static ProtocolError? Check(byte options, ReadOnlySpan<byte> filter, ProtocolVersion version)
    {
        if (version != ProtocolVersion.V50) return options > Qos - 1 ? ProtocolErrors.RequestedQos : null; // [MQTT-3-8.3-4] of 3.1.1
        if ((options & Reserved) != 0) return ProtocolErrors.SubscriptionReservedBits; // [MQTT-3.8.3-5]
        if ((options & Qos) == Qos) return ProtocolErrors.SubscriptionQosThree;
        if ((options >> RetainHandlingShift & 0x03) == 0x03) return ProtocolErrors.RetainHandlingThree;
        return (options & NoLocal) != 0 && SharedFilter.IsShared(filter) ? ProtocolErrors.NoLocalShared : null; // [MQTT-3.8.3-4]
    }

    internal static Subscription Decode(string filter, byte options) => new()
    {
        Filter = filter,
        MaximumQoS = (QualityOfService)(options & Qos),
        NoLocal = (options & NoLocal) != 0,
        RetainAsPublished = (options & RetainAsPublished) != 0,
        RetainHandling = (RetainHandling)(options >> RetainHandlingShift & 0x03),
    };
}
