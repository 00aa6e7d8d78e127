using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OrleansMqtt.Diagnostics;
using OrleansMqtt.Gateway.Hooks;
using OrleansMqtt.Gateway.Limits;
using OrleansMqtt.Gateway.Tests.Harness;
using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.Gateway.Tests.Hooks;

public sealed class PacketInterceptorTests
{
    [Fact]
    public async Task Every_packet_of_both_directions_is_seen_with_its_connection()
    {
        var seen = new ConcurrentQueue<(PacketDirection, PacketType, string)>();
        await using var broker = await Hooked.StartAsync((connection, direction, packet, _) =>
        {
            seen.Enqueue((direction, packet.Type, connection.ClientId));
            return new(PacketVerdict.Pass);
        });
        var client = await broker.ConnectAsync("one");
        await client.SubscribeAsync("a");
        await client.PublishAsync("a", "x");
        await client.ReceivePublishAsync();
        await client.DisconnectAsync();

        Assert.Equal(
            [
                (PacketDirection.Received, PacketType.Connect, ""), (PacketDirection.Sent, PacketType.ConnAck, "one"), (PacketDirection.Received, PacketType.Subscribe, "one"), (PacketDirection.Sent, PacketType.SubAck, "one"),
                (PacketDirection.Received, PacketType.Publish, "one"), (PacketDirection.Sent, PacketType.Publish, "one"), (PacketDirection.Received, PacketType.Disconnect, "one"),
            ],
            seen);
    }

    [Fact]
    public async Task Packets_can_be_dropped_and_changed_in_both_directions()
    {
        await using var broker = await Hooked.StartAsync(
            Hooked.When(PacketDirection.Received, PacketType.Publish, static packet => ((PublishPacket)packet).Topic == "lost" ? PacketVerdict.Drop : PacketVerdict.Pass),
            Hooked.When(PacketDirection.Sent, PacketType.Publish, static packet => PacketVerdict.Replace(new PublishPacket { Topic = "changed/" + ((PublishPacket)packet).Topic, Payload = "y"u8.ToArray() })),
            // The next one sees what the one before has made of it.
            Hooked.When(PacketDirection.Sent, PacketType.Publish, static packet => PacketVerdict.Replace(new PublishPacket { Topic = "twice/" + ((PublishPacket)packet).Topic, Payload = ((PublishPacket)packet).Payload })));
        var client = await broker.ConnectAsync("one");
        await client.SubscribeAsync("#");
        await client.PublishAsync("lost", "x");
        await client.PublishAsync("a", "x");

        var publish = await client.ReceivePublishAsync();
        Assert.Equal(("twice/changed/a", "y"), (publish.Topic, publish.Text()));
        await client.ExpectNothingAsync();
    }

    [Fact]
    public async Task A_connection_can_be_closed_with_a_reason_for_what_its_client_sends()
    {
        await using var broker = await Hooked.StartAsync(Hooked.When(PacketDirection.Received, PacketType.Subscribe, static _ => PacketVerdict.Close(ReasonCode.AdministrativeAction, "no subscriptions today")));
        var (client, old) = (await broker.ConnectAsync("one"), await broker.ConnectAsync("old", ProtocolVersion.V311));
        foreach (var each in new[] { client, old })
        {
            await each.SendAsync(new SubscribePacket { PacketId = 1, Subscriptions = [new Subscription { Filter = "a" }] });
            await each.ExpectDisconnectAsync(ReasonCode.AdministrativeAction);
        }
        Assert.Equal(0, broker.Metrics.Subscriptions);
    }

    [Fact]
    public async Task A_connect_is_refused_with_the_reason()
    {
        await using var broker = await Hooked.StartAsync(Hooked.When(PacketDirection.Received, PacketType.Connect, static _ => PacketVerdict.Close(ReasonCode.QuotaExceeded, "not today")));
        foreach (var (version, expected) in new[] { (ProtocolVersion.V50, ReasonCode.QuotaExceeded), (ProtocolVersion.V311, ReasonCode.ServerUnavailable) })
        {
            var client = broker.Open(version);
            await client.SendAsync(new ConnectPacket { Version = version, ClientId = "one", CleanStart = true });
            Assert.Equal(expected, (await client.ReceiveAsync<ConnAckPacket>()).ReasonCode);
            await client.ExpectClosedAsync();
        }
        Assert.Equal(0, broker.Metrics.Connected);
    }

    [Fact]
    public async Task A_connack_can_be_made_a_refusal()
    {
        await using var broker = await Hooked.StartAsync(Hooked.When(PacketDirection.Sent, PacketType.ConnAck, static _ => PacketVerdict.Close(ReasonCode.NotAuthorized, "not today")));
        var client = broker.Open();
        await client.SendAsync(new ConnectPacket { ClientId = "one", CleanStart = true });

        Assert.Equal(ReasonCode.NotAuthorized, (await client.ReceiveAsync<ConnAckPacket>()).ReasonCode);
        await client.ExpectClosedAsync();
    }

    [Fact]
    public async Task A_reason_that_a_packet_can_not_have_becomes_0x80()
    {
        await using var broker = await Hooked.StartAsync(Hooked.When(PacketDirection.Received, PacketType.PingReq, static _ => PacketVerdict.Close(ReasonCode.PacketIdentifierInUse, "whatever")));
        var client = await broker.ConnectAsync("one");
        await client.SendAsync(PingReqPacket.Instance);

        await client.ExpectDisconnectAsync(ReasonCode.UnspecifiedError);
    }

    [Fact]
    public async Task One_that_throws_ends_its_connection_and_no_other()
    {
        var log = new CollectedLog();
        await using var broker = await TestBroker.StartAsync(configure: services =>
        {
            services.AddLogging(logging => logging.AddProvider(log));
            services.AddSingleton<IPacketInterceptor>(new Hooked.Interceptor(static (connection, _, packet, _) =>
                packet is PingReqPacket && connection.ClientId == "one" ? throw new InvalidOperationException("a defect") : new(PacketVerdict.Pass)));
        });
        var (client, other) = (await broker.ConnectAsync("one"), await broker.ConnectAsync("other"));
        await client.SendAsync(PingReqPacket.Instance);

        await client.ExpectDisconnectAsync(ReasonCode.ImplementationSpecificError);
        await other.ExpectNothingAsync();
        Assert.Single(log.Of(LogLevel.Error), static line => line.StartsWith("Client one", StringComparison.Ordinal));
    }

    [Fact]
    public async Task One_that_never_answers_ends_with_the_keep_alive_of_its_client()
    {
        var canceled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var broker = await Hooked.StartAsync((_, _, packet, token) =>
        {
            if (packet is not PublishPacket) return new(PacketVerdict.Pass);
            token.Register(canceled.SetResult);
            asked.SetResult();
            return new(new TaskCompletionSource<PacketVerdict>().Task);
        });
        var client = await broker.ConnectAsync(new ConnectPacket { ClientId = "one", CleanStart = true, KeepAlive = 10 });
        await client.SettledAsync();
        await client.SendAsync(new PublishPacket { Topic = "a" });
        await asked.Task.GuardAsync();
        broker.Time.Advance(TimeSpan.FromSeconds(20));

        await client.ExpectDisconnectAsync(ReasonCode.KeepAliveTimeout);
        await canceled.Task.GuardAsync();
    }

    [Fact]
    public async Task What_can_not_be_decoded_is_not_shown_and_is_answered_by_the_broker()
    {
        var seen = new ConcurrentQueue<PacketType>();
        await using var broker = await Hooked.StartAsync((_, direction, packet, _) =>
        {
            if (direction == PacketDirection.Received) seen.Enqueue(packet.Type);
            return new(PacketVerdict.Pass);
        });
        var client = await broker.ConnectAsync("one");
        // A topic with a wildcard [MQTT-3.3.2-2].
        await client.SendAsync(new byte[] { 0x30, 0x04, 0x00, 0x01, (byte)'#', 0x00 });

        await client.ExpectDisconnectAsync(ReasonCode.TopicNameInvalid);
        Assert.Equal([PacketType.Connect], seen);
    }

    [Fact]
    public async Task Hooks_are_around_connections_of_the_listeners_that_they_want()
    {
        await using var broker = await TestBroker.StartAsync(configure: static services => services.AddSingleton<IPacketInterceptor>(
            new Hooked.Interceptor(static (_, _, _, _) => throw new InvalidOperationException("not asked"), static listener => listener.Name != "default")));
        var client = await broker.ConnectAsync("one");

        await client.ExpectNothingAsync();
    }

    [Fact]
    public async Task Slow_consumers_are_dropped_for_as_without_hooks()
    {
        await using var broker = await TestBroker.StartAsync(
            new GatewayLimits { MaxOutboxBytes = 8192 },
            serverToClientBuffer: 4096,
            configure: static services => services.AddSingleton<IPacketInterceptor>(new Hooked.Interceptor(static (_, _, _, _) => new(PacketVerdict.Pass))));
        var (slow, publisher) = (await broker.ConnectAsync("slow"), await broker.ConnectAsync("publisher"));
        await slow.SubscribeAsync("a");
        while (broker.Metrics.Dropped(DropReason.SlowConsumer) == 0) await publisher.PublishAsync("a", new string('x', 4000));
    }
}
