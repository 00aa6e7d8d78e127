using System.Net;
using OrleansMqtt.Topics;

namespace OrleansMqtt.Hosts.Configuration;

/// <summary>The `Cluster` section, but for its server, which is the store's. Cluster mode comes later: a process on its own uses the rest of this.</summary>
/// <param name="Id">Name of the cluster: what its keys in a shared server begin with.</param>
/// <param name="Partitions">Topic partitions.</param>
internal sealed record ClusterSettings(string Id, int Partitions)
{
    /// <summary>Reads it.</summary>
    public static ClusterSettings Read(SettingsReader reader)
    {
        var id = reader.Get("Cluster:Id").Parse<string>(TryParseId, "1 to 64 letters, digits, hyphens and underscores", "orleansmqtt");
        foreach (var key in (string[])["Cluster:Advertise", "Cluster:Bind"])
            reader.Get(key).Parse<DnsEndPoint?>(NetworkAddress.TryParseHostAndPort, NetworkAddress.HostAndPortForm, null);
        return new ClusterSettings(id, reader.Get("Cluster:Partitions").Whole(1, 4096, TopicPartitions.DefaultCount));
    }

    private static bool TryParseId(string text, out string id)
    {
        id = text;
        return text.Length is >= 1 and <= 64 && text.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');
    }
}
