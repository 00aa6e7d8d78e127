using System.Text;
using Microsoft.Extensions.DependencyInjection;
using OrleansMqtt.Gateway.Connections;
using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.Gateway.Tests.Harness;

/// <summary>Short forms of what scenarios do again and again.</summary>
internal static class Scenarios
{
    /// <summary>The payload as text.</summary>
    public static string Text(this PublishPacket publish) => Encoding.UTF8.GetString(publish.Payload.Span);

    /// <summary>Loses the client's network and returns when the broker has dealt with it: session told, will published or set to a time.</summary>
    public static async Task LoseAsync(this TestBroker broker, TestClient client, string clientId)
    {
        var ended = broker.EndOf(clientId);
        client.Abort();
        await ended;
    }

    /// <summary>Says goodbye and returns when the broker has dealt with it.</summary>
    public static async Task LeaveAsync(this TestBroker broker, TestClient client, string clientId, DisconnectPacket? goodbye = null)
    {
        var ended = broker.EndOf(clientId);
        await client.SendAsync(goodbye ?? new DisconnectPacket());
        await ended;
    }

    /// <summary>Completed when the present connection of the client is over and cleaned up.</summary>
    public static Task EndOf(this TestBroker broker, string clientId) => broker.Services.GetRequiredService<ConnectionRegistry>().Find(clientId)!.Ended;

    /// <summary>Publishes a packet of one's own at QoS 1 and returns the reason code of PUBACK.</summary>
    public static async Task<ReasonCode> PublishAtLeastOnceAsync(this TestClient client, PublishPacket packet)
    {
        await client.SendAsync(packet);
        var ack = await client.ReceiveAsync<AcknowledgementPacket>();
        Assert.Equal((PacketType.PubAck, packet.PacketId), (ack.Type, ack.PacketId));
        return ack.ReasonCode;
    }

    /// <summary>Sends PUBACK, PUBREC, PUBREL or PUBCOMP.</summary>
    public static Task AcknowledgeAsync(this TestClient client, PacketType type, ushort packetId, ReasonCode reason = ReasonCode.Success) =>
        client.SendAsync(new AcknowledgementPacket(type) { PacketId = packetId, ReasonCode = reason });

    /// <summary>The next packet must be this acknowledgement.</summary>
    public static async Task ExpectAsync(this TestClient client, PacketType type, ushort packetId, ReasonCode reason = ReasonCode.Success)
    {
        var packet = await client.ReceiveAsync<AcknowledgementPacket>();
        Assert.Equal((type, packetId, reason), (packet.Type, packet.PacketId, packet.ReasonCode));
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
        return received.ConvertAll(Text);
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
