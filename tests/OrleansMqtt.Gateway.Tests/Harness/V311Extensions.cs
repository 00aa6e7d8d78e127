using System.Text;
using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.Gateway.Tests.Harness;

/// <summary>What the tests of 3.1.1 say often.</summary>
internal static class V311Extensions
{
    /// <summary>Connects as 3.1.1.</summary>
    public static Task<TestClient> ConnectV311Async(this TestBroker broker, string clientId, bool cleanSession = true, Will? will = null, ushort keepAlive = 0) =>
        broker.ConnectAsync(new ConnectPacket { Version = ProtocolVersion.V311, ClientId = clientId, CleanStart = cleanSession, Will = will, KeepAlive = keepAlive });

    /// <summary>Connects as 3.1.1 with a session that stays.</summary>
    public static Task<TestClient> ResumeV311Async(this TestBroker broker, string clientId) => broker.ConnectV311Async(clientId, cleanSession: false);

    /// <summary>The next packet must be this message; it is acknowledged to the end.</summary>
    public static async Task<PublishPacket> ExpectPublishAsync(this TestClient client, string topic, string payload)
    {
        var publish = await client.ReceivePublishAsync();
        Assert.Equal((topic, payload), (publish.Topic, publish.Text()));
        return publish;
    }

    /// <summary>Sends PUBLISH and nothing else.</summary>
    public static Task SendPublishAsync(this TestClient client, string topic, string payload, QualityOfService qos, ushort packetId, bool duplicate = false) =>
        client.SendAsync(new PublishPacket { Topic = topic, Payload = Encoding.UTF8.GetBytes(payload), QoS = qos, PacketId = packetId, Duplicate = duplicate });

    /// <summary>The next packet must be this acknowledgement.</summary>
    public static async Task ExpectAcknowledgementAsync(this TestClient client, PacketType type, ushort packetId)
    {
        var packet = await client.ReceiveAsync<AcknowledgementPacket>();
        Assert.Equal((type, packetId), (packet.Type, packet.PacketId));
    }

    /// <summary>
    /// A new subscription to the filter must bring no retained message. Those of one SUBSCRIBE come filter by filter: so one is retained
    /// for a second filter, and it must come first.
    /// </summary>
    public static async Task ExpectNoRetainedAsync(this TestBroker broker, string filter)
    {
        const string barrier = "$barrier/retained";
        var client = await broker.ConnectV311Async("");
        await client.PublishAsync(barrier, "barrier", QualityOfService.AtLeastOnce, retain: true);
        await client.SubscribeAsync(new Subscription { Filter = filter }, new Subscription { Filter = barrier });
        Assert.True((await client.ExpectPublishAsync(barrier, "barrier")).Retain);
        await client.DisconnectAsync();
    }

    public static Will Will(string topic, string payload, QualityOfService qos = QualityOfService.AtMostOnce, bool retain = false) =>
        new() { Topic = topic, Payload = Encoding.UTF8.GetBytes(payload), QoS = qos, Retain = retain };
}
