using OrleansMqtt.Gateway.Tests.Harness;
using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Tests;

namespace OrleansMqtt.Gateway.Tests.Subscribing;

public sealed class V5UnsubscribeTests
{
    private static async Task<UnsubAckPacket> UnsubscribeAsync(TestClient client, ushort packetId, params string[] filters)
    {
        await client.SendAsync(new UnsubscribePacket { PacketId = packetId, Filters = filters });
        return await client.ReceiveAsync<UnsubAckPacket>();
    }

    [Fact]
    [Normative("5.0", "MQTT-3.10.4-4")]
    [Normative("5.0", "MQTT-3.10.4-5")]
    [Normative("5.0", "MQTT-3.10.4-6")]
    [Normative("5.0", "MQTT-3.11.3-1")]
    [Normative("5.0", "MQTT-3.11.3-2")]
    [Normative("5.0", "MQTT-2.2.1-6")]
    public async Task Each_filter_has_its_code_in_its_place_under_the_identifier_of_the_request()
    {
        await using var broker = await TestBroker.StartAsync();
        var client = await broker.ConnectAsync("client");
        await client.SubscribeAsync("a");
        await client.SubscribeAsync("b");

        var unsubAck = await UnsubscribeAsync(client, 0xABCE, "a", "unknown", "b", "b");

        Assert.Equal(0xABCE, unsubAck.PacketId);
        Assert.Equal([ReasonCode.Success, ReasonCode.NoSubscriptionExisted, ReasonCode.Success, ReasonCode.NoSubscriptionExisted], unsubAck.ReasonCodes);
        await client.PublishAsync("a", "x");
        await client.PublishAsync("b", "x");
        await client.ExpectNothingAsync();
        unsubAck = await UnsubscribeAsync(client, 7, "unknown");
        Assert.Equal((7, ReasonCode.NoSubscriptionExisted), (unsubAck.PacketId, Assert.Single(unsubAck.ReasonCodes)));
    }

    [Fact]
    [Normative("5.0", "MQTT-3.10.4-1")]
    public async Task Filters_are_compared_character_by_character()
    {
        await using var broker = await TestBroker.StartAsync();
        var client = await broker.ConnectAsync("client");
        foreach (var filter in (string[])["a/+", "a/b", "$share/group/c"]) await client.SubscribeAsync(filter, QualityOfService.AtMostOnce);

        var unsubAck = await UnsubscribeAsync(client, 900, "a/b", "a/#", "A/+", "+/b", "c", "$share/other/c");

        Assert.Equal(ReasonCode.Success, unsubAck.ReasonCodes[0]);
        Assert.All(unsubAck.ReasonCodes.Skip(1), code => Assert.Equal(ReasonCode.NoSubscriptionExisted, code));
        await client.PublishAsync("a/b", "through a/+");
        Assert.Equal("through a/+", await client.ReceiveTextAsync());
        await client.PublishAsync("c", "shared");
        Assert.Equal("shared", await client.ReceiveTextAsync());
        await client.ExpectNothingAsync();
    }

    [Fact]
    [Normative("5.0", "MQTT-3.10.4-2")]
    public async Task Nothing_is_delivered_or_kept_after_the_end_of_a_subscription()
    {
        await using var broker = await TestBroker.StartAsync();
        var publisher = await broker.ConnectAsync("publisher");
        var client = await broker.ConnectAsync("client", sessionExpiry: 60);
        await client.SubscribeAsync("a");
        await client.SubscribeAsync("b");
        await UnsubscribeAsync(client, 900, "a");

        await publisher.PublishAsync("a", "to the connected client", QualityOfService.AtLeastOnce);
        await broker.LoseAsync(client, "client");
        Assert.Equal(ReasonCode.NoMatchingSubscribers, await publisher.PublishAsync("a", "to the absent client", QualityOfService.AtLeastOnce));
        await publisher.PublishAsync("b", "marker", QualityOfService.AtLeastOnce);

        client = await broker.ConnectAsync("client", cleanStart: false, sessionExpiry: 60);
        Assert.Equal("marker", await client.ReceiveTextAsync());
    }

    [Theory]
    [InlineData(null)]
    [InlineData(60u)]
    [Normative("5.0", "MQTT-3.10.4-3")]
    public async Task A_delivery_that_has_begun_is_completed_after_the_end_of_the_subscription(uint? sessionExpiry)
    {
        await using var broker = await TestBroker.StartAsync();
        var publisher = await broker.ConnectAsync("publisher");
        var client = await broker.ConnectAsync("client", sessionExpiry: sessionExpiry);
        await client.SubscribeAsync("a");
        await publisher.PublishAsync("a", "1", QualityOfService.ExactlyOnce);
        await publisher.PublishAsync("a", "2", QualityOfService.AtLeastOnce);
        var first = await client.ReceiveAsync<PublishPacket>();
        var second = await client.ReceiveAsync<PublishPacket>();

        await UnsubscribeAsync(client, 900, "a");

        await client.AcknowledgeAsync(PacketType.PubRec, first.PacketId);
        await client.ExpectAsync(PacketType.PubRel, first.PacketId);
        if (sessionExpiry is null) return;
        await broker.LoseAsync(client, "client");
        client = await broker.ConnectAsync("client", cleanStart: false, sessionExpiry: sessionExpiry);
        await client.ExpectAsync(PacketType.PubRel, first.PacketId);
        var again = await client.ReceiveAsync<PublishPacket>();
        Assert.Equal(("2", second.PacketId), (again.Text(), again.PacketId));
    }
}
