using System.Text;
using OrleansMqtt.Gateway.Tests.Harness;
using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.Gateway.Tests.Retained;

public sealed class ManyRetainedTests
{
    [Fact]
    public async Task A_hundred_thousand_retained_messages_come_page_by_page_while_other_clients_work()
    {
        const int Messages = 100_000;
        await using var broker = await TestBroker.StartAsync();
        var publisher = await broker.ConnectAsync("p");
        for (var i = 0; i < Messages; i += 1000)
        {
            var page = Enumerable.Range(i, 1000).SelectMany(n => Protocol.Codec.PacketEncoder.Encode(
                new PublishPacket { Topic = $"r/{n % 100}/{n}", Payload = Encoding.UTF8.GetBytes($"{n}"), Retain = true }, ProtocolVersion.V50));
            await publisher.SendAsync(page.ToArray());
            // QoS 0 has no answer; a QoS 1 message behind them has, and says that all before it are stored.
            await publisher.PublishAsync("barrier", "x", QualityOfService.AtLeastOnce, retain: true);
        }
        Assert.Equal(Messages + 1, broker.Metrics.Retained);
        var reader = await broker.ConnectAsync("reader");
        await reader.SubscribeAsync("r/#");
        var seen = new bool[Messages];
        await ReadAsync(reader, seen, 500);

        // The reader stops: what the broker makes for it is bounded, and nobody else feels it.
        var (a, b) = (await broker.ConnectAsync("a"), await broker.ConnectAsync("b"));
        await b.SubscribeAsync("a to b");
        for (var i = 0; i < 100; i++)
        {
            await a.PublishAsync("a to b", $"{i}", QualityOfService.AtLeastOnce);
            Assert.Equal($"{i}", (await b.ReceivePublishAsync()).Text());
        }
        Assert.InRange(broker.Metrics.Sent, 500, Messages / 5);

        await ReadAsync(reader, seen, Messages - 500);
        Assert.DoesNotContain(false, seen);
        await reader.ExpectNothingAsync();
        broker.AssertAccounts();
    }

    [Fact]
    public async Task A_persistent_session_gets_many_at_QoS_1_in_bounded_portions()
    {
        const int Messages = 10_000;
        await using var broker = await TestBroker.StartAsync();
        var publisher = await broker.ConnectAsync("p");
        for (var i = 0; i < Messages; i++)
            await publisher.SendAsync(new PublishPacket { Topic = $"r/{i}", Payload = Encoding.UTF8.GetBytes($"{i}"), Retain = true, QoS = QualityOfService.AtLeastOnce, PacketId = (ushort)(i + 1) });
        for (var i = 0; i < Messages; i++) await publisher.ExpectAsync(PacketType.PubAck, (ushort)(i + 1), ReasonCode.NoMatchingSubscribers);
        var reader = await broker.ConnectAsync("reader", sessionExpiry: 1000);
        await reader.SubscribeAsync("r/#", QualityOfService.AtLeastOnce);
        await reader.ReceivePublishAsync();

        // Nothing is acknowledged but the first; the log must not take them all.
        await reader.SendAsync(PingReqPacket.Instance);
        var held = new List<ushort>();
        while (await reader.ReceiveAsync() is PublishPacket publish) held.Add(publish.PacketId);
        Assert.InRange(broker.Metrics.Copies, held.Count, 4000);

        foreach (var packetId in held) await reader.AcknowledgeAsync(PacketType.PubAck, packetId);
        await reader.ReceiveTextsAsync(Messages - 1 - held.Count);
        await reader.ExpectNothingAsync();
        broker.AssertAccounts();
    }

    private static async Task ReadAsync(TestClient client, bool[] seen, int count)
    {
        for (var i = 0; i < count; i++)
        {
            var publish = await client.ReceiveAsync<PublishPacket>();
            var number = int.Parse(publish.Text(), System.Globalization.CultureInfo.InvariantCulture);
            Assert.False(seen[number]);
            Assert.True(publish.Retain);
            seen[number] = true;
        }
    }
}
