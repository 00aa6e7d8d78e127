namespace OrleansMqtt.Protocol.Connections;

/// <summary>Packet identifiers of numbered messages. [MQTT-2.2.1-4]</summary>
public static class PacketIdentifiers
{
    /// <summary>How many identifiers there are.</summary>
    public const int Count = 65_535;

    /// <summary>The packet identifier, 1 to 65,535, of message number <paramref name="sequence"/>, from 0.</summary>
    public static ushort Of(long sequence) => (ushort)(sequence % Count + 1);
}
