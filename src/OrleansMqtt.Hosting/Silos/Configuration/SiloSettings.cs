using Microsoft.Extensions.Configuration;
using OrleansMqtt.Events;
using OrleansMqtt.Handlers;
using OrleansMqtt.Hosting.Configuration;
using OrleansMqtt.Hosting.Http;
using OrleansMqtt.Sessions;
using OrleansMqtt.Storage.Redis;
using OrleansMqtt.Topics;

namespace OrleansMqtt.Hosting.Silos.Configuration;

/// <summary>Everything that a silo's process is told.</summary>
/// <param name="Cluster">Its cluster.</param>
/// <param name="Store">How the cluster's server keeps sessions and retained messages.</param>
/// <param name="Limits">Bounds of what is kept for a session.</param>
/// <param name="Retained">Bounds of what is retained.</param>
/// <param name="Handlers">Bounds of what waits for topic handlers.</param>
/// <param name="Http">Its HTTP server.</param>
internal sealed record SiloSettings(ClusterSettings Cluster, StoreSettings Store, SessionLimits Limits, RetainedLimits Retained, HandlerLimits Handlers, HttpSettings Http)
{
    /// <summary>What becomes of events.</summary>
    public EventOptions Events { get; init; } = new();

    /// <summary>Topics that are Redis channels too; null for none.</summary>
    public RedisChannelOptions? Channels { get; init; }

    // So that all processes of a cluster can have the same file: gateways check what stands there.
    private static readonly string[] GatewaySections = ["Listeners", "Limits", "Sockets", "Sys", "Authentication", "Authorization", "Drain"];

    /// <summary>Reads all settings; where one is wrong, <paramref name="reader"/> has the problem and the result must not be used.</summary>
    public static SiloSettings Read(SettingsReader reader, IConfiguration configuration)
    {
        var allowAnonymous = reader.Get("Authentication:AllowAnonymous").Flag(false);
        var cluster = ClusterSettings.Read(reader, allowAnonymous);
        var store = StoreSettings.Read(reader, cluster);
        if (cluster.Redis is null)
            reader.Report("Cluster:Redis is empty, and a silo and its gateways find each other by it; allowed is a StackExchange.Redis connection string, or to start the gateway alone, which brings a silo of its own.");
        var settings = new SiloSettings(
            cluster, store, SessionLimitSettings.Read(reader), RetainedLimitSettings.Read(reader), HandlerLimitSettings.Read(reader), HttpSettings.Read(reader, allowAnonymous))
        {
            Events = EventSettings.Read(reader),
            Channels = RedisChannelSettings.Read(reader, cluster, store),
        };
        HandlerSettings.Load(reader);
        LogSettings.Check(reader, configuration);
        reader.RefuseUnknown([LogSettings.Section, ConfigurationSources.ApplicationSection, .. GatewaySections]);
        return settings;
    }
}
