using System.Text;
using Microsoft.Extensions.DependencyInjection;
using OrleansMqtt.Gateway.Subscriptions;
using OrleansMqtt.Gateway.Tests.Harness;
using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.Gateway.Tests.Subscribing;

/// <summary>What is remembered of topics, and that it does not grow with clients times topics.</summary>
public sealed class LocalSubscriptionsTests
{
    [Fact]
    public async Task Topics_that_one_filter_matches_share_its_routes()
    {
        await using var broker = await TestBroker.StartAsync();
        foreach (var name in (string[])["a", "b", "c"]) await (await broker.ConnectAsync(name)).SubscribeAsync("#");
        var subscriptions = broker.Services.GetRequiredService<LocalSubscriptions>();
        var routes = Match(subscriptions, "t/0");
        for (var i = 1; i < 100; i++) Assert.Same(routes, Match(subscriptions, $"t/{i}"));

        Assert.Equal(["a", "b", "c"], routes.Select(r => r.Subscriber.ClientId));
        Assert.InRange(subscriptions.Remembered.Weight, 1, 100 * 128);
    }

    [Fact]
    public async Task Where_filters_overlap_only_clients_that_have_both_get_a_route_of_the_topic()
    {
        await using var broker = await TestBroker.StartAsync();
        var (both, other) = (await broker.ConnectAsync("both"), await broker.ConnectAsync("other"));
        await both.SubscribeAsync("#");
        await other.SubscribeAsync("#");
        await both.SubscribeAsync("t");
        var subscriptions = broker.Services.GetRequiredService<LocalSubscriptions>();
        var (shared, overlap) = (Match(subscriptions, "u"), Match(subscriptions, "t"));

        Assert.Equal(["both", "other"], overlap.Select(r => r.Subscriber.ClientId).Order());
        Assert.Same(Of(shared, "other"), Of(overlap, "other"));
        Assert.NotSame(Of(shared, "both"), Of(overlap, "both"));
    }

    [Fact]
    public async Task A_change_forgets_what_was_remembered_and_its_clients()
    {
        await using var broker = await TestBroker.StartAsync();
        var (leaving, staying) = (await broker.ConnectAsync("leaving"), await broker.ConnectAsync("staying"));
        await leaving.SubscribeAsync("#");
        await staying.SubscribeAsync("#");
        var subscriptions = broker.Services.GetRequiredService<LocalSubscriptions>();
        Assert.Equal(2, Match(subscriptions, "t").Length);
        await leaving.SendAsync(new UnsubscribePacket { PacketId = leaving.NextPacketId(), Filters = ["#"] });
        await leaving.ReceiveAsync<UnsubAckPacket>();

        Assert.Equal((0, 0L), subscriptions.Remembered);
        Assert.Equal("staying", Assert.Single(Match(subscriptions, "t")).Subscriber.ClientId);
    }

    [Theory]
    [InlineData(false, QualityOfService.AtMostOnce)]
    [InlineData(true, QualityOfService.AtLeastOnce)]
    public async Task Overlapping_subscriptions_with_and_without_No_Local_are_taken_together(bool bothLocal, QualityOfService own)
    {
        await using var broker = await TestBroker.StartAsync();
        var client = await broker.ConnectAsync("c");
        await client.SubscribeAsync(
            new Subscription { Filter = "#", MaximumQoS = QualityOfService.AtLeastOnce, NoLocal = !bothLocal },
            new Subscription { Filter = "t", MaximumQoS = QualityOfService.AtMostOnce });
        var other = await broker.ConnectAsync("o");
        await other.PublishAsync("t", "of another", QualityOfService.AtLeastOnce);
        var received = await client.ReceiveAsync<PublishPacket>();
        Assert.Equal(("of another", QualityOfService.AtLeastOnce), (received.Text(), received.QoS));
        await client.AcknowledgeAsync(PacketType.PubAck, received.PacketId);
        await client.SendAsync(new PublishPacket { Topic = "t", Payload = "own"u8.ToArray(), QoS = QualityOfService.AtLeastOnce, PacketId = client.NextPacketId() });

        received = await client.ReceiveAsync<PublishPacket>();
        Assert.Equal(("own", own), (received.Text(), received.QoS));
    }

    private static LocalRoute[] Match(LocalSubscriptions subscriptions, string topic) => subscriptions.Match(Encoding.UTF8.GetBytes(topic));

    private static LocalRoute Of(LocalRoute[] routes, string clientId) => Assert.Single(routes, r => r.Subscriber.ClientId == clientId);
}
