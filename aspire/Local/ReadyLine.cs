using System.Globalization;
using OrleansMqtt.AppHost.Topology;

namespace OrleansMqtt.AppHost.Local;

/// <summary>The one line that says where to connect; scripts read addresses from it.</summary>
internal static class ReadyLine
{
    /// <summary>Makes it.</summary>
    /// <param name="topology">What runs.</param>
    /// <param name="redis">Where the Redis server is that was started; null for none.</param>
    public static string Of(ClusterTopology topology, string? redis)
    {
        var gateways = string.Join(", ", topology.Gateways.Select(static g => string.Create(CultureInfo.InvariantCulture, $"mqtt://127.0.0.1:{g.Port}")));
        return $"OrleansMqtt cluster is ready: {gateways}{(redis is null ? "" : $"; redis {redis}")}; Ctrl-C stops it.";
    }
}
