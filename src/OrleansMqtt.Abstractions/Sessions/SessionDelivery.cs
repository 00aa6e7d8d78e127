namespace OrleansMqtt.Sessions;

/// <summary>One message of a session on its way to the connected client.</summary>
/// <param name="Entry">The log entry.</param>
/// <param name="Duplicate">Whether an earlier connection may have sent it: DUP is set [MQTT-3.3.1-1].</param>
/// <param name="Released">True when the client has had it (PUBREC): PUBREL is sent instead of the message [MQTT-4.4.0-1].</param>
[GenerateSerializer, Immutable, Alias("OrleansMqtt.SessionDelivery")]
public readonly record struct SessionDelivery([property: Id(0)] SessionLogEntry Entry, [property: Id(1)] bool Duplicate, [property: Id(2)] bool Released);
