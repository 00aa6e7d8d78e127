using System.Diagnostics.CodeAnalysis;
using System.Net;
using OrleansMqtt.Topics;

namespace OrleansMqtt.Hosting.Configuration;

/// <summary>The `Cluster` section.</summary>
/// <param name="Redis">Connection string of the server by which the processes of a cluster find each other, and which keeps everything; null: this process is a broker by itself.</param>
/// <param name="Id">Name of the cluster: what its keys in a shared server begin with.</param>
/// <param name="Partitions">Topic partitions; the same in every process of a cluster.</param>
/// <param name="Bind">Where a silo listens for the other processes of its cluster.</param>
/// <param name="Advertise">Where they reach it, if that is elsewhere. A name is resolved when the silo starts.</param>
/// <param name="Tls">How they know each other; null: whoever reaches a silo is taken for one of them.</param>
internal sealed record ClusterSettings(string? Redis, string Id, int Partitions, IPEndPoint Bind, DnsEndPoint? Advertise, ClusterTls? Tls)
{
    /// <summary>The key of <see cref="Redis"/>.</summary>
    public const string RedisKey = "Cluster:Redis";

    /// <summary>Reads it.</summary>
    /// <param name="reader">The reader.</param>
    /// <param name="allowAnonymous">Whether addresses that other machines can reach may be open to anybody.</param>
    public static ClusterSettings Read(SettingsReader reader, bool allowAnonymous)
    {
        var (bind, advertise) = (reader.Get("Cluster:Bind"), reader.Get("Cluster:Advertise"));
        var cluster = new ClusterSettings(
            reader.Get(RedisKey).Text is { Length: > 0 } text ? text : null,
            reader.Get("Cluster:Id").Parse<string>(TryParseId, "1 to 64 letters, digits, hyphens and underscores", "orleansmqtt"),
            reader.Get("Cluster:Partitions").Whole(1, 4096, TopicPartitions.DefaultCount),
            bind.Parse<IPEndPoint>(TryParseBind, "host:port with an IP address or localhost and a port from 0 to 65535", new IPEndPoint(IPAddress.Loopback, 0)),
            advertise.Parse<DnsEndPoint?>(TryParseAdvertise, "host:port with a host name or IP address and a port from 1 to 65535", null),
            ClusterTls.Read(reader));
        if (cluster.Advertise is null && (cluster.Bind.Address.Equals(IPAddress.Any) || cluster.Bind.Address.Equals(IPAddress.IPv6Any)))
            reader.Report($"Cluster:Bind is \"{bind.Text}\", which is no address that others can reach; allowed is one of this machine's addresses, or any with Cluster:Advertise.");
        if (cluster.Tls is null && !allowAnonymous && !NetworkAddress.IsLocal(cluster.Bind))
            reader.Report($"Cluster:Bind is \"{bind.Text}\", which other machines can reach, and without certificates whoever does is taken for a silo; allowed is a loopback address, or any with Cluster:CertificateFile or Authentication:AllowAnonymous=true.");
        return cluster;
    }

    private static bool TryParseBind(string text, [MaybeNullWhen(false)] out IPEndPoint endPoint)
    {
        endPoint = NetworkAddress.TryParseBind(text, out var any) ? any as IPEndPoint : null;
        return endPoint is not null;
    }

    private static bool TryParseAdvertise(string text, out DnsEndPoint? endPoint) =>
        NetworkAddress.TryParseHostAndPort(text, out endPoint) && endPoint.Port != 0;

    private static bool TryParseId(string text, out string id)
    {
        id = text;
        return text.Length is >= 1 and <= 64 && text.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');
    }
}
