namespace OrleansMqtt.Sessions;

/// <summary>How a connection ended.</summary>
/// <param name="PublishWill">False when the client said goodbye with reason 0x00 [MQTT-3.1.2-10], [MQTT-3.14.4-3].</param>
/// <param name="SessionExpiry">Session Expiry Interval that DISCONNECT set, seconds; null leaves the one of CONNECT.</param>
[GenerateSerializer, Immutable, Alias("OrleansMqtt.DisconnectRequest")]
public sealed record DisconnectRequest([property: Id(0)] bool PublishWill, [property: Id(1)] uint? SessionExpiry = null);
