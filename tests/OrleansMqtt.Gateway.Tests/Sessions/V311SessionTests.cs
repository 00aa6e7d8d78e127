using OrleansMqtt.Gateway.Tests.Harness;
using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Tests;
using static OrleansMqtt.Protocol.Packets.QualityOfService;

namespace OrleansMqtt.Gateway.Tests.Sessions;

public sealed class V311SessionTests
{
    [Fact]
    [Normative("3.1.1", "MQTT-3.1.2-4")]
    [Normative("3.1.1", "MQTT-3.1.2-5")]
    [Normative("3.1.1", "MQTT-3.1.4-3")]
    [Normative("3.1.1", "MQTT-3.2.2-2")]
    [Normative("3.1.1", "MQTT-3.2.2-3")]
    [Normative("3.1.1", "MQTT-4.1.0-1")]
    public async Task A_session_with_CleanSession_0_goes_on_with_its_subscriptions_and_what_came_meanwhile()
    {
        await using var broker = await TestBroker.StartAsync();
        var publisher = await broker.ConnectV311Async("publisher");
        var client = await broker.ResumeV311Async("client");
        Assert.False(client.ConnAck!.SessionPresent);
        await client.SubscribeAsync("t");
        await client.DisconnectAsync();
        await publisher.PublishAsync("t", "1", AtLeastOnce);
        await publisher.PublishAsync("t", "2", ExactlyOnce);

        client = await broker.ResumeV311Async("client");

        Assert.True(client.ConnAck!.SessionPresent);
        Assert.Equal(AtLeastOnce, (await client.ExpectPublishAsync("t", "1")).QoS);
        Assert.Equal(ExactlyOnce, (await client.ExpectPublishAsync("t", "2")).QoS);
        await publisher.PublishAsync("t", "3", AtLeastOnce);
        await client.ExpectPublishAsync("t", "3");
    }

    [Fact]
    [Normative("3.1.1", "MQTT-3.2.2-2")]
    public async Task A_session_without_subscriptions_is_a_session()
    {
        await using var broker = await TestBroker.StartAsync();
        await (await broker.ResumeV311Async("client")).DisconnectAsync();
        using var raw = new RawClient(broker);

        await raw.SendAsync(RawClient.Connect("client", flags: 0x00));

        await raw.ExpectAsync("20 02 01 00");
    }

    [Fact]
    [Normative("3.1.1", "MQTT-3.1.2-6")]
    [Normative("3.1.1", "MQTT-3.1.4-3")]
    [Normative("3.1.1", "MQTT-3.2.2-1")]
    public async Task CleanSession_1_discards_the_former_session_and_leaves_none()
    {
        await using var broker = await TestBroker.StartAsync();
        var publisher = await broker.ConnectV311Async("publisher");
        var client = await broker.ResumeV311Async("client");
        await client.SubscribeAsync("t");
        await client.DisconnectAsync();
        await publisher.PublishAsync("t", "queued", AtLeastOnce);

        client = await broker.ConnectV311Async("client");
        Assert.False(client.ConnAck!.SessionPresent);
        await publisher.PublishAsync("t", "live", AtLeastOnce);
        await client.ExpectNothingAsync();
        await client.SubscribeAsync("t");
        await client.DisconnectAsync();

        client = await broker.ResumeV311Async("client");
        Assert.False(client.ConnAck!.SessionPresent);
        await publisher.PublishAsync("t", "later", AtLeastOnce);
        await client.ExpectNothingAsync();
    }

    [Fact]
    [Normative("3.1.1", "MQTT-3.1.2-6")]
    public async Task A_session_with_CleanSession_1_ends_with_a_lost_connection_too()
    {
        await using var broker = await TestBroker.StartAsync();
        var client = await broker.ConnectV311Async("client");
        await client.SubscribeAsync("t");
        client.Abort();

        client = await broker.ResumeV311Async("client");

        Assert.False(client.ConnAck!.SessionPresent);
        await (await broker.ConnectV311Async("publisher")).PublishAsync("t", "x", AtLeastOnce);
        await client.ExpectNothingAsync();
    }

    [Fact]
    [Normative("3.1.1", "MQTT-3.1.2-7")]
    public async Task A_retained_message_outlives_the_session_of_its_publisher()
    {
        await using var broker = await TestBroker.StartAsync();
        var publisher = await broker.ConnectV311Async("publisher");
        await publisher.PublishAsync("t", "kept", AtLeastOnce, retain: true);
        await publisher.DisconnectAsync();

        var later = await broker.ConnectV311Async("publisher");
        await later.SubscribeAsync("t");

        await later.ExpectPublishAsync("t", "kept");
    }

    [Fact]
    [Normative("3.1.1", "MQTT-3.1.3-2")]
    public async Task Each_client_identifier_has_a_session_of_its_own()
    {
        await using var broker = await TestBroker.StartAsync();
        var publisher = await broker.ConnectV311Async("publisher");
        foreach (var name in (string[])["a", "A", "b"])
        {
            var client = await broker.ResumeV311Async(name);
            Assert.False(client.ConnAck!.SessionPresent);
            await client.SubscribeAsync($"to/{name}");
            await client.DisconnectAsync();
        }
        foreach (var name in (string[])["a", "A", "b"]) await publisher.PublishAsync($"to/{name}", $"for {name}", AtLeastOnce);

        foreach (var name in (string[])["b", "a", "A"])
        {
            var client = await broker.ResumeV311Async(name);
            Assert.True(client.ConnAck!.SessionPresent);
            await client.ExpectPublishAsync($"to/{name}", $"for {name}");
            await client.ExpectNothingAsync();
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Normative("3.1.1", "MQTT-4.1.0-2")]
    [Normative("3.1.1", "MQTT-4.1.0-1")]
    public async Task A_session_lasts_as_long_as_its_connection_however_quiet_that_is(bool cleanSession)
    {
        await using var broker = await TestBroker.StartAsync(new() { Session = new() { MaxSessionExpirySeconds = 60 } });
        var publisher = await broker.ConnectV311Async("publisher");
        var client = await broker.ConnectV311Async("client", cleanSession);
        await client.SubscribeAsync("t");
        await publisher.PublishAsync("t", "unacknowledged", AtLeastOnce);
        var inflight = await client.ReceiveAsync<PublishPacket>();

        broker.Time.Advance(TimeSpan.FromHours(3));

        await publisher.PublishAsync("t", "later", AtLeastOnce);
        await client.ExpectPublishAsync("t", "later");
        await client.SubscribeAsync("other");
        await client.AcknowledgeAsync(PacketType.PubAck, inflight.PacketId);
        await publisher.PublishAsync("other", "also there", ExactlyOnce);
        await client.ExpectPublishAsync("other", "also there");
    }
}
