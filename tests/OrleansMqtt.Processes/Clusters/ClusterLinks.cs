using System.Net;
using OrleansMqtt.Processes.Links;

namespace OrleansMqtt.Processes.Clusters;

/// <summary>The links of one part of a cluster: to Redis, and of a silo those by which others reach it.</summary>
internal sealed class ClusterLinks : IAsyncDisposable
{
    private readonly LinkProxy _redis;
    private readonly LinkProxy? _peers;

    /// <summary>Makes them.</summary>
    /// <param name="redis">Where Redis is.</param>
    /// <param name="silo">Where the silo listens; null for a gateway.</param>
    /// <param name="port">Where the others are to connect instead.</param>
    /// <param name="nameOf">Which part has the connection from one port to another.</param>
    public ClusterLinks(IPEndPoint redis, IPEndPoint? silo, int port, Func<int, int, string> nameOf)
    {
        Redis = new IPEndPoint(IPAddress.Loopback, FreePort.Take(1)[0]);
        _redis = LinkProxy.Start(Redis.Port, redis, from => nameOf(from, Redis.Port));
        if (silo is null) return;
        Address = new IPEndPoint(IPAddress.Loopback, port);
        _peers = LinkProxy.Start(port, silo, from => nameOf(from, port));
    }

    /// <summary>Where this part is to look for Redis.</summary>
    public IPEndPoint Redis { get; }

    /// <summary>Where others are to look for this silo; null for a gateway.</summary>
    public IPEndPoint? Address { get; }

    /// <summary>Cuts the part off from Redis.</summary>
    public void CutRedis(LinkCut cut) => _redis.Cut(cut);

    /// <summary>Cuts the silo off from all others, or from the part of a name. What the silo itself has asked of others goes over their links.</summary>
    public void CutPeers(LinkCut cut, string? from = null) => (_peers ?? throw new InvalidOperationException("A gateway has no such link.")).Cut(cut, from);

    public void Heal()
    {
        _redis.Heal();
        _peers?.Heal();
    }

    public async ValueTask DisposeAsync()
    {
        await _redis.DisposeAsync();
        if (_peers is not null) await _peers.DisposeAsync();
    }
}
