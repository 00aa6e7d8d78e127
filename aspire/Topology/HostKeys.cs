namespace OrleansMqtt.AppHost.Topology;

/// <summary>The hosts' configuration keys that a topology sets, and how they are written.</summary>
internal static class HostKeys
{
    /// <summary>Connection string of the cluster's Redis.</summary>
    public const string Redis = "Cluster:Redis";

    /// <summary>Where MQTT clients reach a gateway.</summary>
    public const string Listener = "Listeners:default:Bind";

    /// <summary>Where a host answers for its health.</summary>
    public const string Http = "Http:Bind";

    /// <summary>A key as an argument.</summary>
    public static string Argument(string key, string value) => $"--{key}={value}";

    /// <summary>A key as the name of an environment variable.</summary>
    public static string Variable(string key) => $"OrleansMqtt__{key.Replace(":", "__", StringComparison.Ordinal)}";
}
