using OrleansMqtt.Gateway.Limits;
using OrleansMqtt.Gateway.Tests.Harness;
using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Tests;

namespace OrleansMqtt.Gateway.Tests.Retained;

/// <summary>Where the retained messages of a subscription end.</summary>
public sealed class RetainedFeedTests
{
    private const int Messages = 3000;

    private static async Task<TestBroker> StartAsync()
    {
        var broker = await TestBroker.StartAsync(new GatewayLimits { MaxOutboxBytes = 8192 }, serverToClientBuffer: 4096);
        var publisher = await broker.ConnectAsync("c");
        for (var i = 0; i < Messages; i++) await publisher.SendAsync(new PublishPacket { Topic = $"t/{i}", Payload = new byte[100], Retain = true });
        await publisher.PublishAsync("t/last", "x", QualityOfService.AtLeastOnce, retain: true);
        await broker.LeaveAsync(publisher, "c");
        return broker;
    }

    [Fact]
    [Normative("5.0", "MQTT-3.10.4-2")]
    public async Task None_follow_UNSUBACK()
    {
        await using var broker = await StartAsync();
        var client = await broker.ConnectAsync("reader");
        await client.SubscribeAsync("t/#", QualityOfService.AtMostOnce);
        await client.SendAsync(new UnsubscribePacket { PacketId = 99, Filters = ["t/#"] });

        var received = 0;
        while (await client.ReceiveAsync() is PublishPacket) received++;

        Assert.InRange(received, 1, Messages - 1);
        await client.ExpectNothingAsync();
    }

    [Fact]
    [Normative("5.0", "MQTT-3.8.3-3")]
    public async Task No_Local_holds_for_them_too()
    {
        await using var broker = await TestBroker.StartAsync();
        var client = await broker.ConnectAsync("c");
        await client.PublishAsync("t/mine", "x", QualityOfService.AtLeastOnce, retain: true);
        await (await broker.ConnectAsync("other")).PublishAsync("t/other", "y", QualityOfService.AtLeastOnce, retain: true);

        await client.SubscribeAsync(new Subscription { Filter = "t/#", NoLocal = true });

        Assert.Equal("y", await client.ReceiveTextAsync());
        await client.ExpectNothingAsync();
    }
}
