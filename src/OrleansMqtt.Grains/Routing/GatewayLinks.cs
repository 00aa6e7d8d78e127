using System.Collections.Concurrent;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using OrleansMqtt.Diagnostics;
using OrleansMqtt.Gateways;
using OrleansMqtt.Routing;

namespace OrleansMqtt.Grains.Routing;

/// <summary>The ways from this silo's router to the gateways in other processes.</summary>
internal sealed class GatewayLinks(IGatewayDirectory directory, BrokerMetrics metrics, TimeProvider time, ILogger logger, ILocalGateway? own)
{
    private readonly ConcurrentDictionary<string, GatewayLink> _links = new();
    private long _calls;

    /// <summary>What gateways know this router by; another one after each start.</summary>
    public long Router { get; } = BitConverter.ToInt64(RandomNumberGenerator.GetBytes(sizeof(long)));

    public IGatewayDirectory Directory => directory;

    public TimeProvider Time => time;

    public ILogger Logger => logger;

    /// <summary>Sends a publish to every client of a gateway that has a matching subscription.</summary>
    public void Deliver(string gateway, in GatewayDelivery delivery, PendingPublish pending)
    {
        pending.Add();
        if (TrySend(gateway, delivery, pending.CompleteFound)) return;
        CountDropped();
        pending.CompleteFound(1);
    }

    /// <summary>Sends a message; false, and <paramref name="answered"/> is not called, when the gateway does not answer at present and the message does not wait for that.</summary>
    public bool TrySend(string gateway, in GatewayDelivery delivery, Action<int> answered)
    {
        while (true)
        {
            var state = _links.GetOrAdd(gateway, static (name, links) => new GatewayLink(name, links), this).TryAdd(delivery, answered);
            if (state != LinkState.Retired) return state == LinkState.Taken;
            // It has just run dry and is leaving the dictionary; the next look finds or makes another.
        }
    }

    /// <summary>Rises over all links: one that takes the place of another goes on behind it.</summary>
    public long NextCall() => Interlocked.Increment(ref _calls);

    public void Remove(GatewayLink link) => _links.TryRemove(new KeyValuePair<string, GatewayLink>(link.Gateway, link));

    public void CountDropped()
    {
        metrics.CountCopies(1, 0);
        metrics.CountDropped(DropReason.SlowConsumer);
    }

    /// <summary>Runs what answers lead to; what it writes to one client of this process leaves as one.</summary>
    public void Together(Action work)
    {
        if (own is null) work();
        else own.WriteTogether(work);
    }
}
