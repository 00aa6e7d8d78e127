using System.Net;
using System.Text;
using OrleansMqtt.PromiseCheck.Clients;
using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.AppHost.Tests.Running;

/// <summary>
/// Whether gateways are of one cluster: a message that is published at one reaches a subscriber of the other. Tried with new clients until it does, as clients may have to
/// come back while a silo is replaced; what is delivered when is for the cluster's own tests to say.
/// </summary>
internal static class Crossing
{
    private const string Topic = "greetings/world";
    private static readonly TimeSpan HangGuard = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    public static async Task SucceedsAsync(int from, int to)
    {
        using var guard = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        guard.CancelAfter(HangGuard);
        while (!await TryAsync(from, to, guard.Token)) await Task.Delay(Pause, TimeProvider.System, guard.Token);
    }

    private static async Task<bool> TryAsync(int from, int to, CancellationToken cancellation)
    {
        using var subscriber = await ConnectAsync(to, "subscriber", cancellation);
        using var publisher = await ConnectAsync(from, "publisher", cancellation);
        if (subscriber is null || publisher is null) return false;
        await subscriber.SendAsync(new SubscribePacket { PacketId = 1, Subscriptions = [new Subscription { Filter = "greetings/#", MaximumQoS = QualityOfService.AtLeastOnce }] }, cancellation);
        if (await NextAsync(subscriber, cancellation) is not SubAckPacket) return false;
        var text = Guid.NewGuid().ToString();
        await publisher.SendAsync(new PublishPacket { Topic = Topic, Payload = Encoding.UTF8.GetBytes(text), QoS = QualityOfService.AtLeastOnce, PacketId = 1 }, cancellation);
        return await NextAsync(publisher, cancellation) is { Type: PacketType.PubAck }
            && await NextAsync(subscriber, cancellation) is PublishPacket message && Encoding.UTF8.GetString(message.Payload.Span) == text;
    }

    private static async Task<Link?> ConnectAsync(int port, string clientId, CancellationToken cancellation)
    {
        if (await Link.OpenAsync(new IPEndPoint(IPAddress.Loopback, port), TimeProvider.System, cancellation) is not { } link) return null;
        await link.SendAsync(new ConnectPacket { ClientId = clientId, CleanStart = true }, cancellation);
        if (await NextAsync(link, cancellation) is ConnAckPacket { ReasonCode: ReasonCode.Success }) return link;
        link.Dispose();
        return null;
    }

    private static async Task<Packet?> NextAsync(Link link, CancellationToken cancellation) => (await link.ReceiveAsync(Patience, cancellation)).Packet;
}
