namespace OrleansMqtt.Protocol.Codec;

/// <summary>Which side sent a packet.</summary>
public enum PublishOrigin
{
    /// <summary>A client; its PUBLISH may not carry subscription identifiers [MQTT-3.3.4-6].</summary>
    Client,

    /// <summary>A server.</summary>
    Server,
}
