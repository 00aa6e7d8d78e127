namespace OrleansMqtt.Routing;

/// <summary>A shared subscription: clients that divide the messages of one filter among them. [MQTT-4.8.2]</summary>
/// <param name="Group">Share name.</param>
/// <param name="Filter">The topic filter, without `$share/group/`.</param>
/// <param name="Ordered">True for `$oshare`: all messages of one publisher on one topic go to one member.</param>
[GenerateSerializer, Immutable, Alias("OrleansMqtt.SharedGroupKey")]
public sealed record SharedGroupKey([property: Id(0)] string Group, [property: Id(1)] string Filter, [property: Id(2)] bool Ordered);
