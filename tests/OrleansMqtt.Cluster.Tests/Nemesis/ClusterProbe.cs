using System.Net;
using OrleansMqtt.PromiseCheck.Clients;
using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.Cluster.Tests.Nemesis;

/// <summary>Finds out whether a cluster serves: whether what is published at each gateway reaches a subscriber at the next one, and all topic grains take subscriptions.</summary>
internal sealed class ClusterProbe(IReadOnlyList<EndPoint> gateways)
{
    /// <summary>Far above what a cluster takes to find itself again on a loaded machine; one that takes longer is broken.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <summary>So many that hardly a partition has none of them.</summary>
    private const int Filters = 128;

    private int _runs;

    /// <summary>Returns when the cluster serves.</summary>
    /// <returns>A sentence if it does not, or null.</returns>
    public async Task<string?> RunAsync(CancellationToken stop)
    {
        var start = TimeProvider.System.GetTimestamp();
        for (var index = 0; index < gateways.Count;)
        {
            var (here, there) = (gateways[index], gateways[(index + 1) % gateways.Count]);
            if (await PassesAsync(here, there, stop) is not { } problem) index++;
            else if (TimeProvider.System.GetElapsedTime(start) > Limit) return $"From {here} to {there} the cluster does not serve after {Limit.TotalSeconds:0} s: {problem}.";
            else await Task.Delay(Pause, TimeProvider.System, stop);
        }

        return null;
    }

    private async Task<string?> PassesAsync(EndPoint here, EndPoint there, CancellationToken stop)
    {
        var name = $"probe-{++_runs}";
        using var publisher = await ConnectAsync(here, $"{name}-p", stop);
        using var subscriber = await ConnectAsync(there, $"{name}-s", stop);
        if (publisher is null || subscriber is null) return "no connection";
        var subscriptions = Enumerable.Range(0, Filters).Select(i => new Subscription { Filter = $"{name}/{i}", MaximumQoS = QualityOfService.AtLeastOnce });
        await subscriber.SendAsync(new SubscribePacket { PacketId = 1, Subscriptions = [.. subscriptions] }, stop);
        var subAck = (await subscriber.ReceiveAsync(Patience, stop)).Packet as SubAckPacket;
        if (subAck?.ReasonCodes.All(static code => !code.IsFailure()) != true) return "no SUBACK";
        await publisher.SendAsync(new PublishPacket { Topic = $"{name}/0", QoS = QualityOfService.AtLeastOnce, PacketId = 1 }, stop);
        if ((await publisher.ReceiveAsync(Patience, stop)).Packet is not AcknowledgementPacket { ReasonCode: ReasonCode.Success }) return "no PUBACK";
        return (await subscriber.ReceiveAsync(Patience, stop)).Packet is PublishPacket ? null : "no message";
    }

    private static async Task<Link?> ConnectAsync(EndPoint gateway, string clientId, CancellationToken stop)
    {
        if (await Link.OpenAsync(gateway, TimeProvider.System, stop) is not { } link) return null;
        await link.SendAsync(new ConnectPacket { ClientId = clientId, CleanStart = true }, stop);
        if ((await link.ReceiveAsync(Patience, stop)).Packet is ConnAckPacket { ReasonCode: ReasonCode.Success }) return link;
        link.Dispose();
        return null;
    }
}
