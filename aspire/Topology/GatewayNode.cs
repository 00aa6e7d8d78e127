namespace OrleansMqtt.AppHost.Topology;

/// <summary>A gateway.</summary>
/// <param name="Name">Its name, for people.</param>
/// <param name="Port">Where MQTT clients reach it, on the loopback address.</param>
internal sealed record GatewayNode(string Name, int Port);
