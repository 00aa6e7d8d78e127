using OrleansMqtt.Gateway.Limits;
using OrleansMqtt.Gateway.Tests.Harness;
using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Tests;

namespace OrleansMqtt.Gateway.Tests.Publishing;

public sealed class V5TopicAliasTests
{
    private static PublishPacket Aliased(string topic, ushort alias, string text = "x") => new() { Topic = topic, TopicAlias = alias, Payload = System.Text.Encoding.UTF8.GetBytes(text) };

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(65_535)]
    [Normative("5.0", "MQTT-3.1.2-26")]
    [Normative("5.0", "MQTT-3.3.2-11")]
    [Normative("5.0", "MQTT-3.3.2-8")]
    public async Task The_server_uses_no_alias_above_the_clients_maximum_and_none_that_is_zero(ushort maximum)
    {
        await using var broker = await TestBroker.StartAsync();
        var subscriber = await broker.ConnectAsync(new ConnectPacket { ClientId = "subscriber", CleanStart = true, TopicAliasMaximum = maximum });
        await subscriber.SubscribeAsync("#");
        var publisher = await broker.ConnectAsync("publisher");
        var topics = new Dictionary<ushort, string>();
        var aliased = 0;
        for (var i = 0; i < 60; i++)
        {
            var topic = $"topic/{(i % 3 == 0 ? 0 : i % 10)}";
            await publisher.PublishAsync(topic, topic);

            var received = await subscriber.ReceivePublishAsync();

            if (received.TopicAlias is not { } alias) continue;
            Assert.InRange(alias, 1, maximum);
            if (received.Topic.Length > 0) topics[alias] = received.Topic;
            else aliased++;
            Assert.Equal(received.Text(), topics[alias]);
        }
        Assert.True(aliased > 0);
    }

    [Theory]
    [InlineData(null)]
    [InlineData((ushort)0)]
    [Normative("5.0", "MQTT-3.1.2-27")]
    public async Task The_server_uses_no_alias_towards_a_client_that_allows_none(ushort? maximum)
    {
        await using var broker = await TestBroker.StartAsync();
        var subscriber = await broker.ConnectAsync(new ConnectPacket { ClientId = "subscriber", CleanStart = true, TopicAliasMaximum = maximum });
        await subscriber.SubscribeAsync("#");
        var publisher = await broker.ConnectAsync("publisher");

        await publisher.SendAsync(Aliased("a", 1));
        await publisher.SendAsync(Aliased("", 1));

        for (var i = 0; i < 2; i++)
        {
            var received = await subscriber.ReceivePublishAsync();
            Assert.Equal(("a", null), (received.Topic, received.TopicAlias));
        }
    }

    [Fact]
    [Normative("5.0", "MQTT-3.3.2-12")]
    public async Task Every_alias_up_to_the_announced_maximum_works_and_can_be_set_anew()
    {
        await using var broker = await TestBroker.StartAsync();
        var client = await broker.ConnectAsync("client");
        await client.SubscribeAsync("#");
        var maximum = client.ConnAck!.TopicAliasMaximum!.Value;
        for (ushort alias = 1; alias <= maximum; alias++)
        {
            foreach (var topic in (string[])[$"first/{alias}", $"second/{alias}"])
            {
                await client.SendAsync(Aliased(topic, alias));
                await client.SendAsync(Aliased("", alias));
                Assert.Equal(topic, (await client.ReceivePublishAsync()).Topic);
                Assert.Equal(topic, (await client.ReceivePublishAsync()).Topic);
            }
        }
    }

    [Theory]
    [InlineData(5, 6)]
    [InlineData(0, 1)]
    [InlineData(5, 0)]
    [Normative("5.0", "MQTT-3.2.2-17")]
    [Normative("5.0", "MQTT-3.2.2-18")]
    [Normative("5.0", "MQTT-3.3.2-8")]
    [Normative("5.0", "MQTT-3.3.2-9")]
    public async Task An_alias_that_was_not_allowed_ends_the_connection(ushort maximum, ushort alias)
    {
        await using var broker = await TestBroker.StartAsync(new GatewayLimits { TopicAliasMaximum = maximum });
        var client = await broker.ConnectAsync("client");
        Assert.Equal(maximum, client.ConnAck!.TopicAliasMaximum ?? 0);

        await client.SendAsync((byte[])[0x30, 7, 0, 1, (byte)'a', 3, 0x23, 0, (byte)alias]);

        await client.ExpectDisconnectAsync(ReasonCode.TopicAliasInvalid);
    }

    [Fact]
    [Normative("5.0", "MQTT-3.3.2-7")]
    public async Task Aliases_end_with_the_connection_on_both_sides()
    {
        await using var broker = await TestBroker.StartAsync();
        var connect = new ConnectPacket { ClientId = "client", SessionExpiryInterval = 60, TopicAliasMaximum = 10 };
        var client = await broker.ConnectAsync(connect);
        await client.SubscribeAsync("a", QualityOfService.AtMostOnce);
        await client.SendAsync(Aliased("a", 1));
        await client.SendAsync(Aliased("", 1));
        await client.ReceivePublishAsync();
        await client.ReceivePublishAsync();
        await broker.LoseAsync(client, "client");

        client = await broker.ConnectAsync(connect);
        await client.PublishAsync("a", "x");
        Assert.Equal("a", (await client.ReceivePublishAsync()).Topic);
        await client.SendAsync(Aliased("", 1));

        await client.ExpectDisconnectAsync(ReasonCode.ProtocolError);
    }
}
