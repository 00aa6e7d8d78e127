namespace OrleansMqtt.AppHost.Topology;

/// <summary>The Redis server.</summary>
/// <param name="ConnectionString">Of a server that runs already and is left alone; null: one is started.</param>
/// <param name="DataDirectory">Where the started one keeps its data.</param>
internal sealed record RedisNode(string? ConnectionString, string DataDirectory)
{
    /// <summary>Its name.</summary>
    public const string Name = "redis";

    /// <summary>How the started one keeps its data: a write is answered when it is on the disk, which the broker's default durability, `disk`, needs.</summary>
    public static IReadOnlyList<string> Settings { get; } = ["--appendonly", "yes", "--appendfsync", "always", "--save", ""];
}
