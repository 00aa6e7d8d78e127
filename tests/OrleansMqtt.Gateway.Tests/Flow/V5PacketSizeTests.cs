using OrleansMqtt.Gateway.Limits;
using OrleansMqtt.Gateway.Tests.Harness;
using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Tests;

namespace OrleansMqtt.Gateway.Tests.Flow;

public sealed class V5PacketSizeTests
{
    private const uint Maximum = 100;

    private static Task<TestClient> ConnectAsync(TestBroker broker, uint? sessionExpiry = null, ushort? receiveMaximum = null, uint maximum = Maximum, ushort? aliases = null) =>
        broker.ConnectAsync(new ConnectPacket
        {
            ClientId = "client",
            CleanStart = sessionExpiry is null,
            SessionExpiryInterval = sessionExpiry,
            MaximumPacketSize = maximum,
            ReceiveMaximum = receiveMaximum,
            TopicAliasMaximum = aliases,
        });

    // The payload that makes a PUBLISH to topic "a" without properties as large as said.
    private static string PayloadFor(int packetSize, QualityOfService qos) => new('x', packetSize - 2 - 3 - 1 - (qos == QualityOfService.AtMostOnce ? 0 : 2));

    [Theory]
    [InlineData(QualityOfService.AtMostOnce, null)]
    [InlineData(QualityOfService.AtLeastOnce, null)]
    [InlineData(QualityOfService.ExactlyOnce, null)]
    [InlineData(QualityOfService.AtLeastOnce, 60u)]
    [InlineData(QualityOfService.ExactlyOnce, 60u)]
    [Normative("5.0", "MQTT-3.1.2-24")]
    [Normative("5.0", "MQTT-3.1.2-25")]
    public async Task A_message_too_large_for_a_client_counts_as_delivered_to_it(QualityOfService qos, uint? sessionExpiry)
    {
        await using var broker = await TestBroker.StartAsync();
        var client = await ConnectAsync(broker, sessionExpiry, receiveMaximum: 1);
        await client.SubscribeAsync("a");
        var other = await broker.ConnectAsync("other");
        await other.SubscribeAsync("a", QualityOfService.AtMostOnce);
        var publisher = await broker.ConnectAsync("publisher");

        await publisher.PublishAsync("a", PayloadFor((int)Maximum + 1, qos), qos);
        await publisher.PublishAsync("a", PayloadFor((int)Maximum, qos), qos);

        var received = await client.ReceivePublishAsync();
        Assert.Equal(PayloadFor((int)Maximum, qos), received.Text());
        await client.ExpectNothingAsync();
        Assert.Equal(PayloadFor((int)Maximum + 1, qos), await other.ReceiveTextAsync());
        if (sessionExpiry is null) return;
        await broker.LoseAsync(client, "client");
        client = await ConnectAsync(broker, sessionExpiry, maximum: 10_000);
        await publisher.PublishAsync("a", "marker", QualityOfService.AtLeastOnce);
        Assert.Equal("marker", await client.ReceiveTextAsync());
    }

    [Fact]
    [Normative("5.0", "MQTT-3.1.2-24")]
    public async Task A_topic_alias_does_not_carry_a_packet_over_the_limit()
    {
        await using var broker = await TestBroker.StartAsync();
        var client = await ConnectAsync(broker, aliases: 10);
        await client.SubscribeAsync("a", QualityOfService.AtMostOnce);
        var publisher = await broker.ConnectAsync("publisher");
        for (var size = (int)Maximum - 10; size <= Maximum; size++)
        {
            await publisher.PublishAsync("a", PayloadFor(size, QualityOfService.AtMostOnce));

            Assert.Equal(PayloadFor(size, QualityOfService.AtMostOnce), await client.ReceiveTextAsync());

            Assert.True(client.LastBytes.Length <= Maximum);
        }
    }

    [Fact]
    [Normative("5.0", "MQTT-3.1.2-24")]
    public async Task A_suback_above_the_limit_is_not_sent()
    {
        await using var broker = await TestBroker.StartAsync();
        var client = await ConnectAsync(broker);

        await client.SendAsync(new SubscribePacket { PacketId = 1, Subscriptions = [.. Enumerable.Range(0, 100).Select(i => new Subscription { Filter = $"a/{i}" })] });

        await client.PublishAsync("a/99", "subscribed all the same");
        Assert.Equal("subscribed all the same", await client.ReceiveTextAsync());
    }

    [Fact]
    [Normative("5.0", "MQTT-3.1.2-24")]
    public async Task A_client_whose_limit_leaves_no_room_for_connack_is_closed_without_a_packet()
    {
        await using var broker = await TestBroker.StartAsync();
        var client = broker.Open();

        await client.SendAsync(new ConnectPacket { ClientId = "client", CleanStart = true, MaximumPacketSize = 6 });

        await client.ExpectClosedAsync();
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData(30u, null)]
    [InlineData(null, false)]
    [Normative("5.0", "MQTT-3.1.2-29")]
    [Normative("5.0", "MQTT-3.4.2-2")]
    [Normative("5.0", "MQTT-3.4.2-3")]
    [Normative("5.0", "MQTT-3.5.2-2")]
    [Normative("5.0", "MQTT-3.5.2-3")]
    [Normative("5.0", "MQTT-3.6.2-2")]
    [Normative("5.0", "MQTT-3.6.2-3")]
    [Normative("5.0", "MQTT-3.7.2-2")]
    [Normative("5.0", "MQTT-3.7.2-3")]
    [Normative("5.0", "MQTT-3.9.2-1")]
    [Normative("5.0", "MQTT-3.9.2-2")]
    [Normative("5.0", "MQTT-3.11.2-1")]
    [Normative("5.0", "MQTT-3.11.2-2")]
    [Normative("5.0", "MQTT-3.14.2-3")]
    [Normative("5.0", "MQTT-3.14.2-4")]
    public async Task Answers_carry_neither_text_nor_user_properties_whatever_the_client_would_take(uint? maximum, bool? problemInformation)
    {
        await using var broker = await TestBroker.StartAsync();
        var client = await broker.ConnectAsync(new ConnectPacket { ClientId = "client", CleanStart = true, MaximumPacketSize = maximum, RequestProblemInformation = problemInformation });

        await client.SendAsync(new PublishPacket { Topic = "$SYS/mine", QoS = QualityOfService.AtLeastOnce, PacketId = 1 });
        await ExpectBareAsync("40 03 00 01 87");
        await client.SendAsync(new PublishPacket { Topic = "$SYS/mine", QoS = QualityOfService.ExactlyOnce, PacketId = 2 });
        await ExpectBareAsync("50 03 00 02 87");
        await client.AcknowledgeAsync(PacketType.PubRec, 3);
        await ExpectBareAsync("62 03 00 03 92");
        await client.AcknowledgeAsync(PacketType.PubRel, 4);
        await ExpectBareAsync("70 03 00 04 92");
        await client.SendAsync(new SubscribePacket { PacketId = 5, Subscriptions = [new Subscription { Filter = "a#" }] });
        await ExpectBareAsync("90 04 00 05 00 8F");
        await client.SendAsync(new UnsubscribePacket { PacketId = 6, Filters = ["unknown"] });
        await ExpectBareAsync("B0 04 00 06 00 11");
        await client.SendAsync(new AuthPacket { ReasonCode = ReasonCode.ReAuthenticate, AuthenticationMethod = "m" });
        await ExpectBareAsync("E0 01 82");
        await client.ExpectClosedAsync();

        async Task ExpectBareAsync(string bytes)
        {
            Assert.NotNull(await client.ReceiveAsync());
            Assert.Equal(bytes.Replace(" ", "", StringComparison.Ordinal), Convert.ToHexString(client.LastBytes.Span));
        }
    }

    [Fact]
    [Normative("5.0", "MQTT-3.2.2-15")]
    public async Task A_client_that_exceeds_the_servers_maximum_is_disconnected_when_its_fixed_header_says_so()
    {
        await using var broker = await TestBroker.StartAsync(new GatewayLimits { MaxPacketBytes = Maximum });
        var client = await broker.ConnectAsync("client");
        Assert.Equal(Maximum, client.ConnAck!.MaximumPacketSize);
        await client.SubscribeAsync("a");
        var largest = PayloadFor((int)Maximum, QualityOfService.AtMostOnce);
        await client.PublishAsync("a", largest);
        Assert.Equal(largest, await client.ReceiveTextAsync());

        await client.SendAsync((byte[])[0x30, (byte)(Maximum - 1)]);

        await client.ExpectDisconnectAsync(ReasonCode.PacketTooLarge);
    }
}
