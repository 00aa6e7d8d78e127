using System.Text;
using OrleansMqtt.Gateway.Limits;
using OrleansMqtt.Gateway.Tests.Harness;
using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.Gateway.Tests.Flow;

public sealed class TopicAliasTests
{
    [Fact]
    public async Task A_client_publishes_by_alias_and_may_set_it_anew()
    {
        await using var broker = await TestBroker.StartAsync(new GatewayLimits { TopicAliasMaximum = 2 });
        var (subscriber, publisher) = (await broker.ConnectAsync("s"), await broker.ConnectAsync("p"));
        Assert.Equal((ushort)2, publisher.ConnAck!.TopicAliasMaximum);
        await subscriber.SubscribeAsync("#");
        foreach (var (topic, alias) in (List<(string, ushort)>)[("a", 1), ("b", 2), ("", 1), ("", 2), ("c", 1), ("", 1), ("", 2)])
            await publisher.SendAsync(new PublishPacket { Topic = topic, TopicAlias = alias });

        foreach (var topic in (string[])["a", "b", "a", "b", "c", "c", "b"])
        {
            var received = await subscriber.ReceivePublishAsync();
            Assert.Equal((topic, null), (received.Topic, received.TopicAlias));
        }
    }

    [Theory]
    [InlineData(3, ReasonCode.TopicAliasInvalid)]
    [InlineData(2, ReasonCode.ProtocolError)]
    public async Task An_alias_over_the_maximum_or_not_set_ends_the_connection(ushort alias, ReasonCode reason)
    {
        await using var broker = await TestBroker.StartAsync(new GatewayLimits { TopicAliasMaximum = 2 });
        var client = await broker.ConnectAsync("c");
        await client.SendAsync(new PublishPacket { TopicAlias = alias });

        await client.ExpectDisconnectAsync(reason);
    }

    [Fact]
    public async Task Aliases_end_with_the_connection()
    {
        await using var broker = await TestBroker.StartAsync();
        var client = await broker.ConnectAsync("c", sessionExpiry: 1000);
        await client.SendAsync(new PublishPacket { Topic = "a", TopicAlias = 1 });
        await client.ExpectNothingAsync();
        await broker.LoseAsync(client, "c");
        client = await broker.ConnectAsync("c", cleanStart: false, sessionExpiry: 1000);
        await client.SendAsync(new PublishPacket { TopicAlias = 1 });

        await client.ExpectDisconnectAsync(ReasonCode.ProtocolError);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(1000)]
    public async Task The_broker_uses_aliases_within_the_clients_maximum_and_means_the_same_topics(int maximum)
    {
        await using var broker = await TestBroker.StartAsync(new GatewayLimits { MaxOutboundTopicAliases = 8 });
        var subscriber = await broker.ConnectAsync(new ConnectPacket { Version = ProtocolVersion.V50, ClientId = "s", TopicAliasMaximum = (ushort)maximum, ReceiveMaximum = 2 });
        await subscriber.SubscribeAsync("#");
        var publisher = await broker.ConnectAsync("p");
        var random = new Random(1);
        var (known, used, sent) = (new Dictionary<ushort, string>(), 0, new List<string>());
        for (var i = 0; i < 300; i++)
        {
            var topic = $"topic/{random.Next(12)}";
            await publisher.SendAsync(new PublishPacket { Topic = topic, Payload = Encoding.UTF8.GetBytes(topic), QoS = (QualityOfService)(i % 2), PacketId = (ushort)(i % 2 == 0 ? 0 : i) });
            if (i % 2 == 1) await publisher.ExpectAsync(PacketType.PubAck, (ushort)i);
            var received = await subscriber.ReceivePublishAsync();
            if (received.TopicAlias is { } alias)
            {
                Assert.InRange(alias, 1, Math.Min(8, maximum));
                if (received.Topic.Length > 0) known[alias] = received.Topic;
                else used++;
                Assert.Equal(received.Text(), known[alias]);
            }
            else
            {
                Assert.Equal(received.Text(), received.Topic);
            }
        }

        Assert.Equal(maximum > 0, used > 0);
    }
}
