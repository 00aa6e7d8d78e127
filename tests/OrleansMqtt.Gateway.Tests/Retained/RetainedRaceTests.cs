using System.Globalization;
using OrleansMqtt.Gateway.Tests.Harness;
using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.Gateway.Tests.Retained;

/// <summary>A retained publish that races with a subscribe: the subscriber never sees values go back.</summary>
public sealed class RetainedRaceTests
{
    [Theory]
    [InlineData(QualityOfService.AtMostOnce, 0u, "t")]
    [InlineData(QualityOfService.AtLeastOnce, 0u, "t")]
    [InlineData(QualityOfService.AtLeastOnce, 0u, "+")]
    [InlineData(QualityOfService.AtMostOnce, 1000u, "t")]
    [InlineData(QualityOfService.AtLeastOnce, 1000u, "t")]
    [InlineData(QualityOfService.ExactlyOnce, 1000u, "#")]
    public async Task Values_never_go_back(QualityOfService qos, uint sessionExpiry, string filter)
    {
        await using var broker = await TestBroker.StartAsync();
        var publisher = await broker.ConnectAsync("p");
        await publisher.PublishAsync("t", "0", qos, retain: true);
        var client = await broker.ConnectAsync("c", sessionExpiry: sessionExpiry);
        using var stop = new CancellationTokenSource();
        var publishing = PublishAsync();
        for (var round = 0; round < 150; round++)
        {
            var last = -1;
            await client.SendAsync(new SubscribePacket { PacketId = client.NextPacketId(), Subscriptions = [new Subscription { Filter = filter, MaximumQoS = qos }] });
            for (var received = 0; received < 5;)
            {
                if (await NextAsync(client) is not PublishPacket publish) continue;
                var value = int.Parse(publish.Text(), CultureInfo.InvariantCulture);
                Assert.True(value >= last, $"round {round}: {value} came after {last}");
                last = value;
                received++;
            }
            await client.SendAsync(new UnsubscribePacket { PacketId = client.NextPacketId(), Filters = [filter] });
            while (await NextAsync(client) is not UnsubAckPacket)
            {
            }
            // What was under way before UNSUBACK belongs to this round.
            await client.SendAsync(PingReqPacket.Instance);
            while (await NextAsync(client) is not PingRespPacket)
            {
            }
        }
        await stop.CancelAsync();
        await publishing;

        async Task PublishAsync()
        {
            await Task.Yield();
            for (var i = 1; !stop.IsCancellationRequested; i++)
            {
                await publisher.PublishAsync("t", i.ToString(CultureInfo.InvariantCulture), qos, retain: true);
                // At QoS 0 nothing else holds the publisher back.
                if (qos == QualityOfService.AtMostOnce) await publisher.ExpectNothingAsync();
            }
        }
    }

    // Acknowledges what it passes on.
    private static async Task<Packet?> NextAsync(TestClient client)
    {
        var packet = await client.ReceiveAsync();
        switch (packet)
        {
            case PublishPacket { QoS: QualityOfService.AtLeastOnce } publish:
                await client.AcknowledgeAsync(PacketType.PubAck, publish.PacketId);
                break;
            case PublishPacket { QoS: QualityOfService.ExactlyOnce } publish:
                await client.AcknowledgeAsync(PacketType.PubRec, publish.PacketId);
                break;
            case AcknowledgementPacket { Type: PacketType.PubRel } release:
                await client.AcknowledgeAsync(PacketType.PubComp, release.PacketId);
                break;
        }
        return packet;
    }
}
