using OrleansMqtt.Gateway.Tests.Harness;
using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Tests;

namespace OrleansMqtt.Gateway.Tests.Sessions;

public sealed class V5ResendTests
{
    private static Task<TestClient> ResumeAsync(TestBroker broker) => broker.ConnectAsync("client", cleanStart: false, sessionExpiry: 3600);

    private static async Task<(TestClient Client, TestClient Publisher)> StartAsync(TestBroker broker)
    {
        var client = await broker.ConnectAsync("client", sessionExpiry: 3600);
        await client.SubscribeAsync("a");
        return (client, await broker.ConnectAsync("publisher"));
    }

    private static async Task<PublishPacket> SendAsync(TestClient publisher, TestClient client, QualityOfService qos, string text = "x")
    {
        await publisher.PublishAsync("a", text, qos);
        return await client.ReceiveAsync<PublishPacket>();
    }

    // The log is sent in order, so what came before this message has been looked at.
    private static async Task ExpectMarkerNextAsync(TestClient publisher, TestClient client)
    {
        await publisher.PublishAsync("a", "marker", QualityOfService.AtLeastOnce);
        Assert.Equal("marker", await client.ReceiveTextAsync());
    }

    [Fact]
    [Normative("5.0", "MQTT-4.4.0-1")]
    [Normative("5.0", "MQTT-3.3.1-1")]
    [Normative("5.0", "MQTT-4.3.2-3")]
    [Normative("5.0", "MQTT-4.3.3-3")]
    [Normative("5.0", "MQTT-4.3.3-5")]
    [Normative("5.0", "MQTT-4.3.3-6")]
    [Normative("5.0", "MQTT-4.6.0-1")]
    public async Task What_was_not_acknowledged_comes_again_in_order_under_its_identifiers()
    {
        await using var broker = await TestBroker.StartAsync();
        var (client, publisher) = await StartAsync(broker);
        var first = await SendAsync(publisher, client, QualityOfService.AtLeastOnce, "1");
        var second = await SendAsync(publisher, client, QualityOfService.ExactlyOnce, "2");
        var third = await SendAsync(publisher, client, QualityOfService.ExactlyOnce, "3");
        await client.AcknowledgeAsync(PacketType.PubRec, second.PacketId);
        await client.ExpectAsync(PacketType.PubRel, second.PacketId);
        await broker.LoseAsync(client, "client");

        for (var time = 0; time < 2; time++)
        {
            client = await ResumeAsync(broker);
            var again = await client.ReceiveAsync<PublishPacket>();
            Assert.Equal(("1", first.PacketId, true, QualityOfService.AtLeastOnce), (again.Text(), again.PacketId, again.Duplicate, again.QoS));
            await client.ExpectAsync(PacketType.PubRel, second.PacketId);
            again = await client.ReceiveAsync<PublishPacket>();
            Assert.Equal(("3", third.PacketId, true, QualityOfService.ExactlyOnce), (again.Text(), again.PacketId, again.Duplicate, again.QoS));
            if (time == 0) await broker.LoseAsync(client, "client");
        }
        await client.AcknowledgeAsync(PacketType.PubAck, first.PacketId);
        await client.AcknowledgeAsync(PacketType.PubComp, second.PacketId);
        await client.AcknowledgeAsync(PacketType.PubRec, third.PacketId);
        await client.ExpectAsync(PacketType.PubRel, third.PacketId);
        await client.AcknowledgeAsync(PacketType.PubComp, third.PacketId);
        await client.ExpectNothingAsync();
        await broker.LoseAsync(client, "client");
        await ExpectMarkerNextAsync(publisher, await ResumeAsync(broker));
    }

    [Fact]
    [Normative("5.0", "MQTT-4.4.0-1")]
    public async Task Nothing_is_sent_again_while_the_client_stays_connected()
    {
        await using var broker = await TestBroker.StartAsync();
        var (client, publisher) = await StartAsync(broker);
        await SendAsync(publisher, client, QualityOfService.AtLeastOnce);
        await SendAsync(publisher, client, QualityOfService.ExactlyOnce);

        broker.Time.Advance(TimeSpan.FromHours(1));

        await ExpectMarkerNextAsync(publisher, client);
    }

    [Theory]
    [InlineData(QualityOfService.AtLeastOnce)]
    [InlineData(QualityOfService.ExactlyOnce)]
    [Normative("5.0", "MQTT-4.4.0-2")]
    [Normative("5.0", "MQTT-4.3.3-4")]
    public async Task A_message_that_the_client_refused_is_done_with(QualityOfService qos)
    {
        await using var broker = await TestBroker.StartAsync();
        var (client, publisher) = await StartAsync(broker);
        var refused = await SendAsync(publisher, client, qos);

        await client.AcknowledgeAsync(qos == QualityOfService.AtLeastOnce ? PacketType.PubAck : PacketType.PubRec, refused.PacketId, ReasonCode.ImplementationSpecificError);

        await client.ExpectNothingAsync();
        await broker.LoseAsync(client, "client");
        await ExpectMarkerNextAsync(publisher, await ResumeAsync(broker));
    }

    [Fact]
    [Normative("5.0", "MQTT-4.3.3-7")]
    public async Task A_message_that_expires_after_it_was_sent_is_sent_again_all_the_same()
    {
        await using var broker = await TestBroker.StartAsync();
        var (client, publisher) = await StartAsync(broker);
        await publisher.SendAsync(new PublishPacket { Topic = "a", QoS = QualityOfService.ExactlyOnce, PacketId = 9, MessageExpiryInterval = 5, Payload = "x"u8.ToArray() });
        var sent = await client.ReceiveAsync<PublishPacket>();
        await broker.LoseAsync(client, "client");

        broker.Time.Advance(TimeSpan.FromSeconds(10));

        client = await ResumeAsync(broker);
        var again = await client.ReceiveAsync<PublishPacket>();
        Assert.Equal((sent.PacketId, true, "x"), (again.PacketId, again.Duplicate, again.Text()));
    }
}
