using System.Net;
using System.Text;
using OrleansMqtt.PromiseCheck.Clients;
using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.AppHost.Tests.Running;

/// <summary>Whether gateways are of one cluster: a message that is published at one reaches a subscriber of the other, the first time.</summary>
internal static class Crossing
{
    private static readonly TimeSpan HangGuard = TimeSpan.FromSeconds(60);

    public static async Task SucceedsAsync(int from, int to)
    {
        using var subscriber = await ConnectAsync(to, "subscriber");
        using var publisher = await ConnectAsync(from, "publisher");
        await SendAsync(subscriber, new SubscribePacket { PacketId = 1, Subscriptions = [new Subscription { Filter = "greetings/#", MaximumQoS = QualityOfService.AtLeastOnce }] });
        Assert.Equal([ReasonCode.GrantedQos1], (await NextAsync<SubAckPacket>(subscriber)).ReasonCodes);
        var text = Guid.NewGuid().ToString();
        await SendAsync(publisher, new PublishPacket { Topic = "greetings/world", Payload = Encoding.UTF8.GetBytes(text), QoS = QualityOfService.AtLeastOnce, PacketId = 1 });
        var answer = await NextAsync<AcknowledgementPacket>(publisher);
        Assert.Equal((PacketType.PubAck, ReasonCode.Success), (answer.Type, answer.ReasonCode));
        Assert.Equal(text, Encoding.UTF8.GetString((await NextAsync<PublishPacket>(subscriber)).Payload.Span));
    }

    private static async Task<Link> ConnectAsync(int port, string clientId)
    {
        var link = await Link.OpenAsync(new IPEndPoint(IPAddress.Loopback, port), TimeProvider.System, TestContext.Current.CancellationToken);
        Assert.NotNull(link);
        await SendAsync(link, new ConnectPacket { ClientId = clientId, CleanStart = true });
        Assert.Equal(ReasonCode.Success, (await NextAsync<ConnAckPacket>(link)).ReasonCode);
        return link;
    }

    private static Task SendAsync(Link link, Packet packet) => link.SendAsync(packet, TestContext.Current.CancellationToken);

    private static async Task<TPacket> NextAsync<TPacket>(Link link)
        where TPacket : Packet => Assert.IsType<TPacket>((await link.ReceiveAsync(HangGuard, TestContext.Current.CancellationToken)).Packet);
}
