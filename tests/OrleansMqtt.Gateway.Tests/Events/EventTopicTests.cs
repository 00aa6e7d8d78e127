using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using OrleansMqtt.Diagnostics;
using OrleansMqtt.Events;
using OrleansMqtt.Gateway.Limits;
using OrleansMqtt.Gateway.Tests.Harness;
using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Sessions;

namespace OrleansMqtt.Gateway.Tests.Events;

public sealed class EventTopicTests
{
    [Theory]
    [InlineData("plain-1", "plain-1")]
    [InlineData("", "%")]
    [InlineData("a/b+c#d%e", "a%2Fb%2Bc%23d%25e")]
    [InlineData("with space ü", "with space ü")]
    [InlineData("new\nline\u0085", "new%0Aline%C2%85")]
    public void Client_identifiers_are_one_level(string clientId, string level) => Assert.Equal($"$events/client/{level}/connected", EventTopic.OfClient(clientId, EventKinds.Connected));

    [Fact]
    public async Task Events_are_published_where_that_is_wanted_and_only_those()
    {
        await using var broker = await StartAsync(EventKinds.Connected | EventKinds.Unsubscribed);
        var monitor = await broker.ConnectAsync("monitor");
        await monitor.SubscribeAsync("$events/#", QualityOfService.AtLeastOnce);
        var client = await broker.ConnectAsync("a/b", ProtocolVersion.V311);
        await client.SubscribeAsync("t");
        await client.SendAsync(new UnsubscribePacket { PacketId = 9, Filters = ["t"] });
        await client.ReceiveAsync<UnsubAckPacket>();
        await client.DisconnectAsync();

        var publish = await monitor.ReceivePublishAsync();
        // Its own, if its subscription was in force in time: it is told of behind CONNACK.
        if (publish.Topic == "$events/client/monitor/connected") publish = await monitor.ReceivePublishAsync();
        Assert.Equal(("$events/client/a%2Fb/connected", QualityOfService.AtLeastOnce, false), (publish.Topic, publish.QoS, publish.Retain));
        var connected = JsonSerializer.Deserialize<ClientConnected>(publish.Payload.Span, JsonSerializerOptions.Web)!;
        Assert.Equal(("a/b", ProtocolVersion.V311, broker.Time.GetUtcNow()), (connected.ClientId, connected.Version, connected.At));
        Assert.Equal("$events/client/a%2Fb/unsubscribed", (await monitor.ReceivePublishAsync()).Topic);
        await monitor.ExpectNothingAsync();
    }

    [Fact]
    public async Task The_payload_has_names_in_camel_case_and_kinds_as_words()
    {
        await using var broker = await StartAsync(EventKinds.Disconnected);
        var monitor = await broker.ConnectAsync("monitor");
        await monitor.SubscribeAsync("$events/client/+/disconnected", QualityOfService.AtLeastOnce);
        await (await broker.ConnectAsync("one")).DisconnectAsync(ReasonCode.DisconnectWithWill);

        using var payload = JsonDocument.Parse((await monitor.ReceivePublishAsync()).Payload);
        Assert.Equal(
            ("one", "Client", 4, JsonValueKind.Null),
            (payload.RootElement.GetProperty("clientId").GetString(), payload.RootElement.GetProperty("by").GetString(), payload.RootElement.GetProperty("reason").GetInt32(),
                payload.RootElement.GetProperty("userName").ValueKind));
    }

    [Fact]
    public async Task A_persistent_session_of_a_monitor_misses_none_while_it_is_away()
    {
        await using var broker = await StartAsync(EventKinds.Connected);
        var monitor = await broker.ConnectAsync("monitor", sessionExpiry: 1000);
        await monitor.SubscribeAsync("$events/client/+/connected", QualityOfService.AtLeastOnce);
        await broker.LeaveAsync(monitor, "monitor");
        for (var i = 0; i < 300; i++) await broker.ConnectAsync($"client-{i}");
        monitor = await broker.ConnectAsync("monitor", cleanStart: false, sessionExpiry: 1000);

        for (var i = 0; i < 300; i++)
        {
            var publish = await monitor.ReceivePublishAsync();
            if (publish.Topic == "$events/client/monitor/connected") publish = await monitor.ReceivePublishAsync();
            Assert.Equal($"$events/client/client-{i}/connected", publish.Topic);
        }
    }

    [Fact]
    public async Task Clients_do_not_publish_there_themselves_nor_by_will()
    {
        await using var broker = await StartAsync(EventKinds.None);
        var (client, old) = (await broker.ConnectAsync("one"), await broker.ConnectAsync("old", ProtocolVersion.V311));
        await client.SubscribeAsync("$events/#");
        Assert.Equal(ReasonCode.NotAuthorized, await client.PublishAsync("$events/client/x/connected", "{}", QualityOfService.AtLeastOnce));
        await old.PublishAsync("$events/client/x/connected", "{}");
        await client.ExpectNothingAsync();
        var other = broker.Open();
        await other.SendAsync(new ConnectPacket { ClientId = "other", CleanStart = true, Will = new Will { Topic = "$events/client/x/disconnected" } });
        Assert.Equal(ReasonCode.NotAuthorized, (await other.ReceiveAsync<ConnAckPacket>()).ReasonCode);
    }

    [Fact]
    public async Task Drops_are_published_by_reason_but_not_those_of_events_themselves()
    {
        await using var broker = await TestBroker.StartAsync(
            new GatewayLimits { Session = new SessionLimits { MaxQueuedMessages = 1, WhenFull = QueueFullPolicy.DropNewest } },
            configure: static services => services.AddBrokerEvents(new EventOptions { Publish = EventKinds.Dropped | EventKinds.Connected }));
        var monitor = await broker.ConnectAsync("monitor");
        await monitor.SubscribeAsync("$events/dropped/+", QualityOfService.AtLeastOnce);
        await monitor.SubscribeAsync("$events/client/full/connected", QualityOfService.AtLeastOnce);
        var full = await broker.ConnectAsync("full", sessionExpiry: 1000);
        // Word of these two is out before the log can have it.
        Assert.Equal("$events/client/full/connected", (await monitor.ReceivePublishAsync()).Topic);
        await full.SubscribeAsync(new Subscription { Filter = "a", MaximumQoS = QualityOfService.AtLeastOnce }, new Subscription { Filter = "$events/client/#", MaximumQoS = QualityOfService.AtLeastOnce });
        await broker.LeaveAsync(full, "full");
        for (var i = 0; i < 3; i++) await monitor.PublishAsync("a", "x", QualityOfService.AtLeastOnce);
        // Its log has no room for word of these.
        await broker.ConnectAsync("x");
        await broker.ConnectAsync("y");
        await Until.HoldsAsync(() => broker.Metrics.Dropped(DropReason.QueueFull) >= 4);
        broker.Time.Advance(DropGathering.Moment);

        var publish = await monitor.ReceivePublishAsync();
        var dropped = JsonSerializer.Deserialize<MessageDropped>(publish.Payload.Span, JsonSerializerOptions.Web)!;
        Assert.Equal(("$events/dropped/QueueFull", "full", "a", 2L), (publish.Topic, dropped.ClientId, dropped.Topic, dropped.Count));
        await monitor.ExpectNothingAsync();
    }

    private static Task<TestBroker> StartAsync(EventKinds kinds) => TestBroker.StartAsync(configure: services => services.AddBrokerEvents(new EventOptions { Publish = kinds }));
}
