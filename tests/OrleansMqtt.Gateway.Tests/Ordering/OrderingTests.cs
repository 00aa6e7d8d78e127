using System.Globalization;
using OrleansMqtt.Gateway.Tests.Harness;
using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.Gateway.Tests.Ordering;

public sealed class OrderingTests
{
    [Theory]
    [InlineData(QualityOfService.AtMostOnce, 0u)]
    [InlineData(QualityOfService.AtLeastOnce, 0u)]
    [InlineData(QualityOfService.ExactlyOnce, 0u)]
    [InlineData(QualityOfService.AtMostOnce, 1000u)]
    [InlineData(QualityOfService.AtLeastOnce, 1000u)]
    [InlineData(QualityOfService.ExactlyOnce, 1000u)]
    public async Task Everything_one_client_publishes_reaches_each_subscriber_in_order_whatever_the_topics(QualityOfService qos, uint sessionExpiry)
    {
        await using var broker = await TestBroker.StartAsync();
        const int Publishers = 6, Messages = 150, Topics = 7;
        // A small window makes messages wait in queues and logs.
        var subscribers = new List<TestClient>();
        foreach (var (name, window) in (List<(string, ushort)>)[("narrow", 3), ("wide", 500)])
        {
            subscribers.Add(await broker.ConnectAsync(new ConnectPacket { Version = ProtocolVersion.V50, ClientId = name, SessionExpiryInterval = sessionExpiry, ReceiveMaximum = window }));
            // Two filters, so that a topic matches once or twice and sits in more than one partition.
            await subscribers[^1].SubscribeAsync("+/+/data", qos);
            await subscribers[^1].SubscribeAsync("+/3/#", qos);
        }
        var publishers = new List<TestClient>();
        for (var p = 0; p < Publishers; p++) publishers.Add(await broker.ConnectAsync($"p{p}", sessionExpiry: p % 2 == 0 ? 0u : 1000));

        var publishing = publishers.Select((client, p) => Task.Run(async () =>
        {
            for (var i = 0; i < Messages; i++) await client.PublishAsync($"{p}/{i % Topics}/data", $"{p} {i}", qos);
        })).ToArray();
        var receiving = subscribers.Select(s => Task.Run(() => s.ReceiveAllAsync(Publishers * Messages))).ToArray();
        await Task.WhenAll(publishing);

        foreach (var received in await Task.WhenAll(receiving))
            foreach (var stream in received.Select(p => p.Text().Split(' ')).GroupBy(t => t[0], t => int.Parse(t[1], CultureInfo.InvariantCulture)))
                Assert.Equal(Enumerable.Range(0, Messages), stream);
        foreach (var subscriber in subscribers) await subscriber.ExpectNothingAsync();
        broker.AssertAccounts();
    }

    [Theory]
    [InlineData(QualityOfService.AtLeastOnce)]
    [InlineData(QualityOfService.ExactlyOnce)]
    public async Task Acknowledgements_come_in_the_order_of_the_messages(QualityOfService qos)
    {
        await using var broker = await TestBroker.StartAsync();
        // Some topics lead to a log and a store, others to nobody: their answers would be ready sooner.
        var subscriber = await broker.ConnectAsync("s", sessionExpiry: 1000);
        await subscriber.SubscribeAsync("slow", qos);
        var publisher = await broker.ConnectAsync("p");
        const int Messages = 200;
        var burst = Enumerable.Range(1, Messages).SelectMany(i => Protocol.Codec.PacketEncoder.Encode(
            new PublishPacket { Topic = i % 2 == 0 ? "slow" : "nobody", QoS = qos, PacketId = (ushort)i, Payload = new byte[10], Retain = i % 3 == 0 }, ProtocolVersion.V50));
        await publisher.SendAsync(burst.ToArray());

        for (var i = 1; i <= Messages; i++)
        {
            var reason = i % 2 == 0 ? ReasonCode.Success : ReasonCode.NoMatchingSubscribers;
            await publisher.ExpectAsync(qos == QualityOfService.AtLeastOnce ? PacketType.PubAck : PacketType.PubRec, (ushort)i, reason);
        }
    }

    [Fact]
    public async Task PUBREL_comes_in_the_order_of_PUBREC()
    {
        await using var broker = await TestBroker.StartAsync();
        foreach (var expiry in (uint[])[0, 1000])
        {
            var subscriber = await broker.ConnectAsync("s", cleanStart: true, sessionExpiry: expiry);
            await subscriber.SubscribeAsync("t");
            var publisher = await broker.ConnectAsync("p");
            var ids = new List<ushort>();
            for (var i = 0; i < 20; i++)
            {
                await publisher.PublishAsync("t", $"{i}", QualityOfService.ExactlyOnce);
                ids.Add((await subscriber.ReceiveAsync<PublishPacket>()).PacketId);
            }
            ids.Reverse();
            foreach (var id in ids) await subscriber.AcknowledgeAsync(PacketType.PubRec, id);

            foreach (var id in ids) await subscriber.ExpectAsync(PacketType.PubRel, id);
            foreach (var id in ids) await subscriber.AcknowledgeAsync(PacketType.PubComp, id);
            await subscriber.ExpectNothingAsync();
        }
    }
}
