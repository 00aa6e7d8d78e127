using System.Globalization;
using OrleansMqtt.Gateway.Hosting;
using OrleansMqtt.Gateway.Tests.Harness;
using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.Gateway.Tests.Sys;

public sealed class SysTopicsTests
{
    [Fact]
    public async Task What_the_broker_counts_is_published_at_start_and_at_each_interval()
    {
        await using var broker = await TestBroker.StartAsync(options: new GatewayOptions { SysInterval = TimeSpan.FromSeconds(10) });
        var client = await broker.ConnectAsync("c");
        await client.SubscribeAsync(new Subscription { Filter = "$SYS/broker/clients/connected" }, new Subscription { Filter = "$SYS/broker/uptime" });
        var retained = await ReadAsync(client, 2);
        Assert.Equal(("0", "0 seconds"), (retained["$SYS/broker/clients/connected"], retained["$SYS/broker/uptime"]));
        await broker.ConnectAsync("d");
        broker.Time.Advance(TimeSpan.FromSeconds(10));

        var live = await ReadAsync(client, 2);

        Assert.Equal(("2", "10 seconds"), (live["$SYS/broker/clients/connected"], live["$SYS/broker/uptime"]));
    }

    [Theory]
    [InlineData("version")]
    [InlineData("time")]
    [InlineData("clients/maximum")]
    [InlineData("clients/total")]
    [InlineData("load/bytes/received")]
    [InlineData("load/bytes/sent")]
    [InlineData("messages/received")]
    [InlineData("messages/sent")]
    [InlineData("messages/stored")]
    [InlineData("messages/dropped")]
    [InlineData("messages/dropped/QueueFull")]
    [InlineData("publish/messages/received")]
    [InlineData("retained messages/count")]
    [InlineData("subscriptions/count")]
    [InlineData("process/memory/heap")]
    public async Task Each_topic_is_retained(string topic)
    {
        await using var broker = await TestBroker.StartAsync(options: new GatewayOptions { SysInterval = TimeSpan.FromSeconds(10) });
        var client = await broker.ConnectAsync("c");
        await client.SubscribeAsync($"$SYS/broker/{topic}");

        var received = await client.ReceivePublishAsync();

        Assert.Equal(($"$SYS/broker/{topic}", true), (received.Topic, received.Retain));
        if (topic is not ("version" or "time")) Assert.True(long.Parse(received.Text(), CultureInfo.InvariantCulture) >= 0);
    }

    [Fact]
    public async Task A_plain_wildcard_does_not_get_them()
    {
        await using var broker = await TestBroker.StartAsync(options: new GatewayOptions { SysInterval = TimeSpan.FromSeconds(10) });
        var client = await broker.ConnectAsync("c");
        await client.SubscribeAsync("#");
        broker.Time.Advance(TimeSpan.FromSeconds(10));

        await client.ExpectNothingAsync();
    }

    [Fact]
    public async Task Clients_cannot_write_them()
    {
        await using var broker = await TestBroker.StartAsync();
        var (subscriber, client) = (await broker.ConnectAsync("s"), await broker.ConnectAsync("c"));
        await subscriber.SubscribeAsync("$SYS/#");

        foreach (var qos in (QualityOfService[])[QualityOfService.AtLeastOnce, QualityOfService.ExactlyOnce])
            Assert.Equal(ReasonCode.NotAuthorized, await client.PublishAsync("$SYS/broker/uptime", "forged", qos, retain: true));
        await client.PublishAsync("$SYS/broker/uptime", "forged");
        await client.ExpectNothingAsync();
        await subscriber.ExpectNothingAsync();
        Assert.Equal(0, broker.Metrics.Retained);
    }

    [Fact]
    public async Task An_interval_of_zero_switches_them_off()
    {
        await using var broker = await TestBroker.StartAsync();
        var client = await broker.ConnectAsync("c");
        await client.SubscribeAsync("$SYS/#");
        broker.Time.Advance(TimeSpan.FromSeconds(100));

        await client.ExpectNothingAsync();
        Assert.Equal(0, broker.Metrics.Retained);
    }

    private static async Task<Dictionary<string, string>> ReadAsync(TestClient client, int count)
    {
        var values = new Dictionary<string, string>();
        for (var i = 0; i < count; i++)
        {
            var publish = await client.ReceivePublishAsync();
            values[publish.Topic] = publish.Text();
        }
        return values;
    }
}
