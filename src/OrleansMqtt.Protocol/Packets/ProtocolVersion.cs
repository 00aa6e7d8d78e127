namespace OrleansMqtt.Protocol.Packets;

/// <summary>The protocol level byte of CONNECT (MQTT 5.0 section 3.1.2.2).</summary>
public enum ProtocolVersion : byte
{
    /// <summary>MQTT 3.1: protocol name <c>MQIsdp</c>, level 3.</summary>
    V31 = 3,

    /// <summary>MQTT 3.1.1: protocol name <c>MQTT</c>, level 4.</summary>
    V311 = 4,

    /// <summary>MQTT 5.0: protocol name <c>MQTT</c>, level 5.</summary>
    V50 = 5,
}
