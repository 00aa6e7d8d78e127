using OrleansMqtt.Diagnostics;
using OrleansMqtt.Events;
using OrleansMqtt.Gateway.Limits;
using OrleansMqtt.Gateway.Tests.Harness;
using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Sessions;
using OrleansMqtt.Tests;

namespace OrleansMqtt.Gateway.Tests.Events;

public sealed class DroppedTests
{
    [Fact]
    public async Task What_is_dropped_of_a_session_is_one_event_a_second_with_client_topic_and_count()
    {
        var told = new Told();
        await using var broker = await TestBroker.StartAsync(new GatewayLimits { Session = new SessionLimits { MaxQueuedMessages = 2, WhenFull = QueueFullPolicy.DropNewest } }, configure: told.Add);
        var client = await broker.ConnectAsync("one", sessionExpiry: 1000);
        await client.SubscribeAsync("a/+", QualityOfService.AtLeastOnce);
        await broker.LeaveAsync(client, "one");
        var publisher = await broker.ConnectAsync("publisher");
        for (var i = 0; i < 7; i++) await publisher.PublishAsync($"a/{i}", "x", QualityOfService.AtLeastOnce);
        Assert.Equal(5, broker.Metrics.Dropped(DropReason.QueueFull));
        broker.Time.Advance(DropGathering.Moment);

        await told.NextAsync<ClientConnected>();
        await told.NextAsync<ClientSubscribed>();
        await told.NextAsync<ClientDisconnected>();
        await told.NextAsync<ClientConnected>();
        var dropped = await told.NextAsync<MessageDropped>();
        Assert.Equal((DropReason.QueueFull, "one", "a/2", 5L), (dropped.Reason, dropped.ClientId, dropped.Topic, dropped.Count));
    }

    [Fact]
    public void Drops_are_gathered_by_reason_and_client_and_the_next_moment_begins_anew()
    {
        var (time, events) = (new ManualTimeProvider(), new List<MessageDropped>());
        using var gathering = new DropGathering(time, events.Add);
        gathering.Add(DropReason.SlowConsumer, "t"u8, "one", 1);
        gathering.Add(DropReason.SlowConsumer, "u"u8, "one", 2);
        gathering.Add(DropReason.SlowConsumer, "t"u8, "two", 1);
        gathering.Add(DropReason.Expired, default, null, 4);
        gathering.Add(DropReason.Expired, default, null, 0);
        gathering.Add(DropReason.SlowConsumer, "$events/dropped/SlowConsumer"u8, "one", 1);
        Assert.Empty(events);
        time.Advance(DropGathering.Moment);
        Assert.Equal(
            [
                new MessageDropped { Reason = DropReason.SlowConsumer, ClientId = "one", Topic = "t", Count = 3 },
                new MessageDropped { Reason = DropReason.SlowConsumer, ClientId = "two", Topic = "t", Count = 1 },
                new MessageDropped { Reason = DropReason.Expired, Count = 4 },
                new MessageDropped { Reason = DropReason.SlowConsumer, ClientId = "one", Topic = "$events/dropped/SlowConsumer", Count = 1 },
            ],
            events);
        events.Clear();
        time.Advance(DropGathering.Moment);
        Assert.Empty(events);
        gathering.Add(DropReason.Expired, "t"u8, "one", 1);
        time.Advance(DropGathering.Moment);
        Assert.Equal([new MessageDropped { Reason = DropReason.Expired, ClientId = "one", Topic = "t", Count = 1 }], events);
    }

    [Fact]
    public void A_flood_of_clients_is_no_flood_of_events()
    {
        var (time, events) = (new ManualTimeProvider(), new List<MessageDropped>());
        using var gathering = new DropGathering(time, events.Add);
        for (var i = 0; i < 10_000; i++) gathering.Add(DropReason.SlowConsumer, "t"u8, $"client-{i}", 1);
        time.Advance(DropGathering.Moment);

        Assert.InRange(events.Count, 1, 1001);
        Assert.Equal(10_000, events.Sum(static dropped => dropped.Count));
    }
}
