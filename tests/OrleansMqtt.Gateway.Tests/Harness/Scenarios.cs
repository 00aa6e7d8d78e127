using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.Gateway.Tests.Harness;

/// <summary>Short forms of what scenarios do again and again.</summary>
internal static class Scenarios
{
    /// <summary>Publishes a packet of one's own at QoS 1 and returns the reason code of PUBACK.</summary>
    public static async Task<ReasonCode> PublishAtLeastOnceAsync(this TestClient client, PublishPacket packet)
    {
        await client.SendAsync(packet);
        var ack = await client.ReceiveAsync<AcknowledgementPacket>();
        Assert.Equal((PacketType.PubAck, packet.PacketId), (ack.Type, ack.PacketId));
        return ack.ReasonCode;
    }

    /// <summary>Subscribes with a Subscription Identifier.</summary>
    public static async Task SubscribeAsync(this TestClient client, uint identifier, params Subscription[] subscriptions)
    {
        await client.SendAsync(new SubscribePacket { PacketId = client.NextPacketId(), SubscriptionIdentifier = identifier, Subscriptions = subscriptions });
        Assert.All((await client.ReceiveAsync<SubAckPacket>()).ReasonCodes, code => Assert.True(code < ReasonCode.UnspecifiedError));
    }

    /// <summary>Unsubscribes from filters and returns the codes.</summary>
    public static async Task<IReadOnlyList<ReasonCode>> UnsubscribeAsync(this TestClient client, params string[] filters)
    {
        await client.SendAsync(new UnsubscribePacket { PacketId = client.NextPacketId(), Filters = filters });
        return (await client.ReceiveAsync<UnsubAckPacket>()).ReasonCodes;
    }

    /// <summary>Receives and acknowledges this many messages; their payloads in order.</summary>
    public static async Task<List<string>> ReceiveTextsAsync(this TestClient client, int count)
    {
        var received = await client.ReceiveAllAsync(count);
        return received.ConvertAll(BrokerEvents.Text);
    }

    /// <summary>Receives this many messages and acknowledges them, without waiting for one exchange to end before the next message is read.</summary>
    public static async Task<List<PublishPacket>> ReceiveAllAsync(this TestClient client, int count)
    {
        var (received, open) = (new List<PublishPacket>(count), 0);
        while (received.Count < count || open > 0)
        {
            switch (await client.ReceiveAsync())
            {
                case PublishPacket publish:
                    received.Add(publish);
                    if (publish.QoS == QualityOfService.AtLeastOnce) await client.AcknowledgeAsync(PacketType.PubAck, publish.PacketId);
                    if (publish.QoS != QualityOfService.ExactlyOnce) break;
                    open++;
                    await client.AcknowledgeAsync(PacketType.PubRec, publish.PacketId);
                    break;
                case AcknowledgementPacket { Type: PacketType.PubRel } release:
                    open--;
                    await client.AcknowledgeAsync(PacketType.PubComp, release.PacketId);
                    break;
                case var other:
                    Assert.Fail($"Neither PUBLISH nor PUBREL: {other?.Type.ToString() ?? "closed"}.");
                    break;
            }
        }
        return received;
    }

    /// <summary>At a quiet moment each copy has been sent, waits, or was dropped.</summary>
    public static void AssertAccounts(this TestBroker broker)
    {
        var metrics = broker.Metrics;
        Assert.Equal((metrics.Copies, true), (metrics.Sent + metrics.Waiting + metrics.TotalDropped, metrics.Waiting >= 0));
    }
}
