using System.Net;
using OrleansMqtt.PromiseCheck.Clients;
using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.PromiseCheck.Runs;

/// <summary>Leaves nothing behind in the broker: ends all sessions, and removes all retained messages.</summary>
internal static class Cleanup
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Cleans up as far as the broker answers; says so if it does not.</summary>
    public static async Task RunAsync(EndPoint broker, Workload workload, TimeProvider time, TextWriter progress, CancellationToken stop)
    {
        IReadOnlyList<string> topics = workload.RetainedTopics;
        foreach (var client in workload.All)
        {
            if (!await EndAsync(broker, client.ClientId, topics, time, stop))
            {
                await progress.WriteLineAsync("The broker did not answer: sessions and retained messages of this run are left in it.");
                return;
            }

            topics = []; // The first client does that.
        }
    }

    /// <summary>Connects with a clean start and no expiry, which ends the session that was there and then the new one.</summary>
    private static async Task<bool> EndAsync(
        EndPoint broker, string clientId, IReadOnlyList<string> topics, TimeProvider time, CancellationToken stop)
    {
        using var link = await Link.OpenAsync(broker, time, stop);
        if (link is null) return false;
        await link.SendAsync(new ConnectPacket { ClientId = clientId, CleanStart = true }, stop);
        if ((await link.ReceiveAsync(Patience, stop)).Packet is not ConnAckPacket { ReasonCode: ReasonCode.Success }) return false;
        foreach (var topic in topics)
        {
            await link.SendAsync(new PublishPacket { Topic = topic, Retain = true, QoS = QualityOfService.AtLeastOnce, PacketId = 1 }, stop);
            if ((await link.ReceiveAsync(Patience, stop)).State != LinkState.Packet) return false;
        }

        await link.SendAsync(new DisconnectPacket(), stop);
        return (await link.ReceiveAsync(Patience, stop)).State == LinkState.Ended;
    }
}
