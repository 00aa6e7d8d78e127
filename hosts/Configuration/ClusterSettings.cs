using System.Net;
using OrleansMqtt.Topics;

namespace OrleansMqtt.Hosts.Configuration;

/// <summary>The `Cluster` section, but for its server, which is the store's.</summary>
/// <param name="Id">Name of the cluster: what its keys in a shared server begin with.</param>
/// <param name="Partitions">Topic partitions; the same in every process of a cluster.</param>
/// <param name="Bind">Where a silo listens for the other processes of its cluster.</param>
/// <param name="Advertise">Where they reach it, if that is elsewhere.</param>
/// <param name="Join">Whether a gateway leaves the grains to the silos of its cluster.</param>
internal sealed record ClusterSettings(string Id, int Partitions, IPEndPoint Bind, IPEndPoint? Advertise, bool Join)
{
    /// <summary>Reads it.</summary>
    public static ClusterSettings Read(SettingsReader reader)
    {
        var id = reader.Get("Cluster:Id").Parse<string>(TryParseId, "1 to 64 letters, digits, hyphens and underscores", "orleansmqtt");
        var advertise = reader.Get("Cluster:Advertise");
        var cluster = new ClusterSettings(
            id,
            reader.Get("Cluster:Partitions").Whole(1, 4096, TopicPartitions.DefaultCount),
            reader.Get("Cluster:Bind").Parse<IPEndPoint>(TryParseEndPoint, EndPointForm, new IPEndPoint(IPAddress.Loopback, 0)),
            advertise.Parse<IPEndPoint?>(TryParseEndPoint, EndPointForm, null),
            reader.Get("Cluster:Join").Flag(false));
        if (cluster.Join && string.IsNullOrEmpty(reader.Get("Cluster:Redis").Text))
            reader.Report("Cluster:Join is \"true\", and Cluster:Redis, by which the processes of a cluster find each other, is empty; allowed is to set it, or false.");
        if (cluster.Advertise is { Port: 0 })
            reader.Report($"Cluster:Advertise is \"{advertise.Text}\"; allowed is an address with a port other than 0, at which others reach the silo.");
        return cluster;
    }

    private const string EndPointForm = "host:port with an IP address or localhost and a port from 0 to 65535";

    private static bool TryParseEndPoint(string text, [System.Diagnostics.CodeAnalysis.MaybeNullWhen(false)] out IPEndPoint endPoint)
    {
        endPoint = NetworkAddress.TryParseBind(text, out var any) ? any as IPEndPoint : null;
        return endPoint is not null;
    }

    private static bool TryParseId(string text, out string id)
    {
        id = text;
        return text.Length is >= 1 and <= 64 && text.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');
    }
}
