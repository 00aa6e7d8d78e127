namespace OrleansMqtt.AppHost.Topology;

/// <summary>A silo.</summary>
/// <param name="Name">Its name, for people.</param>
internal sealed record SiloNode(string Name);
