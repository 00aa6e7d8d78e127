using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.Messages;

/// <summary>How one client wants the messages of one filter. [MQTT-3.8.3]</summary>
/// <param name="MaximumQoS">Highest quality of service at which messages are sent [MQTT-3.8.4-8].</param>
/// <param name="NoLocal">Whether the client's own messages are left out [MQTT-3.8.3-3].</param>
/// <param name="RetainAsPublished">Whether the RETAIN flag is passed on as published [MQTT-3.3.1-13].</param>
/// <param name="RetainHandling">What becomes of retained messages at SUBSCRIBE.</param>
/// <param name="Identifier">Subscription Identifier, 1 to 268,435,455; 0 for none [MQTT-3.3.4-3].</param>
[GenerateSerializer, Immutable, Alias("OrleansMqtt.SubscriptionOptions")]
public readonly record struct SubscriptionOptions(
    [property: Id(0)] QualityOfService MaximumQoS,
    [property: Id(1)] bool NoLocal,
    [property: Id(2)] bool RetainAsPublished,
    [property: Id(3)] RetainHandling RetainHandling,
    [property: Id(4)] uint Identifier);
