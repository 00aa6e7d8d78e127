namespace OrleansMqtt.Protocol.Codec;

/// <summary>Bits of CONNECT's flag byte (MQTT 5.0 section 3.1.2.3), and of its protocol level.</summary>
internal static class ConnectFlags
{
    internal const int Reserved = 0x01;
    internal const int CleanStart = 0x02;
    internal const int Will = 0x04;
    internal const int WillQosShift = 3;
    internal const int WillQos = 0x18;
    internal const int WillRetain = 0x20;
    internal const int Password = 0x40;
    internal const int UserName = 0x80;

    /// <summary>In the protocol level of 3.1 and 3.1.1: set by brokers that bridge, a custom that mosquitto began.</summary>
    internal const int Bridge = 0x80;
}
