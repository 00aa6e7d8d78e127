using System.Net;
using OrleansMqtt.Topics;

namespace OrleansMqtt.Hosts.Configuration;

/// <summary>The `Cluster` section. Cluster mode comes later: of all this, a process on its own uses the number of partitions.</summary>
/// <param name="Partitions">Topic partitions.</param>
internal sealed record ClusterSettings(int Partitions)
{
    /// <summary>Reads it.</summary>
    public static ClusterSettings Read(SettingsReader reader)
    {
        // Its value may hold a password, so the sentence does not repeat it.
        if (reader.Get("Cluster:Redis").Text is { Length: > 0 })
            reader.Report("Cluster:Redis is set, but cluster mode is not in this version yet; allowed is to leave it empty.");
        reader.Get("Cluster:Id").Parse<string>(TryParseId, "1 to 64 letters, digits, hyphens and underscores", "orleansmqtt");
        foreach (var key in (string[])["Cluster:Advertise", "Cluster:Bind"])
            reader.Get(key).Parse<DnsEndPoint?>(NetworkAddress.TryParseHostAndPort, NetworkAddress.HostAndPortForm, null);
        return new ClusterSettings(reader.Get("Cluster:Partitions").Whole(1, 4096, TopicPartitions.DefaultCount));
    }

    private static bool TryParseId(string text, out string id)
    {
        id = text;
        return text.Length is >= 1 and <= 64 && text.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');
    }
}
