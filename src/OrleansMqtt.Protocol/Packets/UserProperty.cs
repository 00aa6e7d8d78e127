namespace OrleansMqtt.Protocol.Packets;

/// <summary>A name and a value that MQTT passes on without giving them a meaning. Names may repeat; order is kept.</summary>
/// <param name="Name">Name, at most 65,535 bytes of UTF-8.</param>
/// <param name="Value">Value, at most 65,535 bytes of UTF-8.</param>
public readonly record struct UserProperty(string Name, string Value);
