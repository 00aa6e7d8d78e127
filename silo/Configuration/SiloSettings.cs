using Microsoft.Extensions.Configuration;
using OrleansMqtt.Hosts.Configuration;
using OrleansMqtt.Hosts.Http;
using OrleansMqtt.Sessions;

namespace OrleansMqtt.SiloHost.Configuration;

/// <summary>Everything that a silo's process is told.</summary>
/// <param name="Cluster">Its cluster.</param>
/// <param name="Store">What keeps sessions and retained messages: the cluster's Redis.</param>
/// <param name="Limits">Bounds of what is kept for a session.</param>
/// <param name="Http">Its HTTP server.</param>
internal sealed record SiloSettings(ClusterSettings Cluster, StoreSettings Store, SessionLimits Limits, HttpSettings Http)
{
    /// <summary>Reads all settings; where one is wrong, <paramref name="reader"/> has the problem and the result must not be used.</summary>
    public static SiloSettings Read(SettingsReader reader, IConfiguration configuration)
    {
        var cluster = ClusterSettings.Read(reader);
        var store = StoreSettings.Read(reader);
        if (store.Redis is null)
            reader.Report("Cluster:Redis is empty, and a silo and its gateways find each other by it; allowed is a StackExchange.Redis connection string, or to start the gateway alone, which brings a silo of its own.");
        var settings = new SiloSettings(cluster, store, SessionLimitSettings.Read(reader), HttpSettings.Read(reader, reader.Get("Authentication:AllowAnonymous").Flag(false)));
        LogSettings.Check(reader, configuration);
        reader.RefuseUnknown(exceptSection: LogSettings.Section);
        return settings;
    }
}
