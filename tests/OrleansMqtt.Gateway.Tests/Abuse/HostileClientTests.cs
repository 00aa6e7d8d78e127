using Microsoft.Extensions.DependencyInjection;
using OrleansMqtt.Gateway.Connections;
using OrleansMqtt.Gateway.Limits;
using OrleansMqtt.Gateway.Tests.Harness;
using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Sessions;

namespace OrleansMqtt.Gateway.Tests.Abuse;

/// <summary>What a client may not do to the broker's memory, sockets and topics.</summary>
public sealed class HostileClientTests
{
    [Fact]
    public async Task Answers_to_a_client_that_does_not_read_them_are_bounded()
    {
        const int pings = 200_000, limit = 4096, chunk = 10_000;
        await using var broker = await TestBroker.StartAsync(new GatewayLimits { MaxOutboxBytes = limit }, serverToClientBuffer: 4096);
        var (client, other) = (await broker.ConnectAsync("c"), await broker.ConnectAsync("o"));
        var outbox = broker.Services.GetRequiredService<ConnectionRegistry>().Find("c")!.Subscriber!.Outbox;
        var sending = SendPingsAsync();

        for (var i = 0; i < 1000; i++)
        {
            await other.ExpectNothingAsync();
            Assert.InRange(outbox.PendingBytes, 0, (2 * limit) + (8 * chunk));
        }

        // Nothing is lost by it.
        for (var i = 0; i < pings; i++) await client.ReceiveAsync<PingRespPacket>();
        await sending;

        async Task SendPingsAsync()
        {
            var packets = new byte[2 * chunk];
            for (var i = 0; i < packets.Length; i += 2) packets[i] = 0xC0;
            for (var sent = 0; sent < pings; sent += chunk) await client.SendAsync(packets);
        }
    }

    [Theory]
    [InlineData(ProtocolVersion.V311)]
    [InlineData(ProtocolVersion.V50)]
    public async Task Messages_that_are_never_released_are_bounded(ProtocolVersion version)
    {
        await using var broker = await TestBroker.StartAsync(new GatewayLimits { Session = new SessionLimits { MaxQueuedMessages = 5 } });
        var client = await broker.ConnectAsync("c", version, cleanStart: false, version == ProtocolVersion.V50 ? 1000u : null);
        for (ushort id = 1; id <= 5; id++)
        {
            await client.SendAsync(new PublishPacket { Topic = "t", QoS = QualityOfService.ExactlyOnce, PacketId = id });
            await client.ExpectAsync(PacketType.PubRec, id);
        }

        await client.SendAsync(new PublishPacket { Topic = "t", QoS = QualityOfService.ExactlyOnce, PacketId = 6 });

        if (version == ProtocolVersion.V311)
        {
            await client.ExpectClosedAsync();
            return;
        }
        await client.ExpectAsync(PacketType.PubRec, 6, ReasonCode.QuotaExceeded);
        // One that is released makes room for another.
        await client.AcknowledgeAsync(PacketType.PubRel, 1);
        await client.ExpectAsync(PacketType.PubComp, 1);
        await client.SendAsync(new PublishPacket { Topic = "t", QoS = QualityOfService.ExactlyOnce, PacketId = 6 });
        await client.ExpectAsync(PacketType.PubRec, 6);
    }

    [Fact]
    public async Task A_CONNECT_that_trickles_in_is_not_waited_for()
    {
        await using var broker = await TestBroker.StartAsync(new GatewayLimits { ConnectTimeoutSeconds = 10 });
        var client = broker.Open(ProtocolVersion.V311);
        foreach (var part in new byte[] { 0x10, 13, 0, 4 })
        {
            await client.SendAsync(new[] { part });
            // Another client's round trip: the byte has been looked at.
            await (await broker.ConnectAsync("")).ExpectNothingAsync();
            broker.Time.Advance(TimeSpan.FromSeconds(3));
        }

        await client.ExpectClosedAsync();
    }

    [Fact]
    public async Task A_will_on_the_brokers_own_topics_is_refused()
    {
        await using var broker = await TestBroker.StartAsync();
        var client = broker.Open();

        await client.SendAsync(new ConnectPacket { ClientId = "c", CleanStart = true, Will = new Will { Topic = "$SYS/broker/version", Payload = new byte[1], Retain = true } });

        Assert.Equal(ReasonCode.NotAuthorized, (await client.ReceiveAsync<ConnAckPacket>()).ReasonCode);
        await client.ExpectClosedAsync();
    }

    [Fact]
    public async Task A_client_that_is_disconnected_for_its_full_queue_leaves_the_others_messages_whole()
    {
        var limits = new GatewayLimits { Session = new SessionLimits { MaxQueuedMessages = 1, WhenFull = QueueFullPolicy.Disconnect } };
        await using var broker = await TestBroker.StartAsync(limits);
        var first = await broker.ConnectAsync("first");
        await first.SubscribeAsync("t", QualityOfService.AtLeastOnce);
        var slow = await broker.ConnectAsync(new ConnectPacket { ClientId = "slow", CleanStart = true, ReceiveMaximum = 1 });
        await slow.SubscribeAsync(new Subscription { Filter = "$share/g/s", MaximumQoS = QualityOfService.AtLeastOnce }, new Subscription { Filter = "t", MaximumQoS = QualityOfService.AtLeastOnce });
        var publisher = await broker.ConnectAsync("p");
        // Stays unacknowledged, so that it goes to another member when the client is disconnected.
        await publisher.PublishAsync("s", "shared", QualityOfService.AtLeastOnce);
        var last = await broker.ConnectAsync("last");
        await last.SubscribeAsync(new Subscription { Filter = "$share/g/s", MaximumQoS = QualityOfService.AtLeastOnce }, new Subscription { Filter = "t", MaximumQoS = QualityOfService.AtLeastOnce });
        await publisher.PublishAsync("t", "queued", QualityOfService.AtLeastOnce);

        await publisher.PublishAsync("t", "the one that is too many", QualityOfService.AtLeastOnce);

        Assert.Equal(["queued", "the one that is too many"], [await first.ReceiveTextAsync(), await first.ReceiveTextAsync()]);
        Assert.Equal(["queued", "shared", "the one that is too many"], new[] { await last.ReceiveTextAsync(), await last.ReceiveTextAsync(), await last.ReceiveTextAsync() }.Order());
        Assert.Equal("shared", (await slow.ReceiveAsync<PublishPacket>()).Text());
        await slow.ExpectDisconnectAsync(ReasonCode.QuotaExceeded);
    }
}
