using System.Collections.Concurrent;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using OrleansMqtt.Diagnostics;
using OrleansMqtt.Gateways;
using OrleansMqtt.Messages;
using OrleansMqtt.Routing;

namespace OrleansMqtt.Grains.Routing;

/// <summary>The ways from this silo's router to the gateways in other processes.</summary>
internal sealed class GatewayLinks(IGatewayDirectory directory, BrokerMetrics metrics, TimeProvider time, ILogger logger)
{
    private readonly ConcurrentDictionary<string, GatewayLink> _links = new();
    private volatile GatewayLink? _latest;
    private long _calls;

    /// <summary>What gateways know this router by; another one after each start.</summary>
    public long Router { get; } = BitConverter.ToInt64(RandomNumberGenerator.GetBytes(sizeof(long)));

    public IGatewayDirectory Directory => directory;

    public TimeProvider Time => time;

    public ILogger Logger => logger;

    /// <summary>Sends a publish to every client of a gateway that has a matching subscription. <paramref name="waiter"/> gets the gateway's answer in any case.</summary>
    public void Deliver(string gateway, ref PublishView publish, IRouteWaiter waiter, int index)
    {
        while (true)
        {
            var link = LinkTo(gateway);
            switch (link.TryAdd(ref publish, waiter, index))
            {
                case LinkState.Taken:
                    return;
                case LinkState.Stuck:
                    CountDropped(publish.Topic);
                    waiter.OnFound(index, 1);
                    return;
                default:
                    // It has just run dry and is leaving the dictionary; the next look finds or makes another.
                    Forget(link);
                    break;
            }
        }
    }

    /// <summary>Sends a message to a member of a shared group; false, and <paramref name="waiter"/> is not told, when the gateway does not answer at present and the message does not wait for that.</summary>
    public bool TrySend(string gateway, in GatewayDelivery delivery, IRouteWaiter waiter)
    {
        while (true)
        {
            var link = LinkTo(gateway);
            var state = link.TryAdd(delivery, waiter, 0);
            if (state != LinkState.Retired) return state == LinkState.Taken;
            Forget(link);
        }
    }

    // Routes of one gateway share its name, and mostly there are many of them in a row.
    private GatewayLink LinkTo(string gateway)
    {
        if (_latest is { } latest && ReferenceEquals(latest.Gateway, gateway)) return latest;
        return _latest = _links.GetOrAdd(gateway, static (name, links) => new GatewayLink(name, links), this);
    }

    /// <summary>Rises over all links: one that takes the place of another goes on behind it.</summary>
    public long NextCall() => Interlocked.Increment(ref _calls);

    public void Remove(GatewayLink link) => _links.TryRemove(new KeyValuePair<string, GatewayLink>(link.Gateway, link));

    private void Forget(GatewayLink link) => Interlocked.CompareExchange(ref _latest, null, link);

    /// <summary>A message is not sent to a gateway that does not answer.</summary>
    public void CountDropped(ReadOnlySpan<byte> topic = default)
    {
        metrics.CountCopies(1, 0);
        metrics.CountDropped(DropReason.SlowConsumer, topic, null);
    }
}
