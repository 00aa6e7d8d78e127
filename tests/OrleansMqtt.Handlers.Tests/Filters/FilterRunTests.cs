using System.Reflection;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using OrleansMqtt.Diagnostics;
using OrleansMqtt.Grains.Handlers;
using OrleansMqtt.Grains.Routing;
using OrleansMqtt.Handlers.Tests.Support;
using OrleansMqtt.Leases;
using OrleansMqtt.Messages;
using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Routing;
using OrleansMqtt.Settings;
using OrleansMqtt.Tests;
using OrleansMqtt.Topics;

namespace OrleansMqtt.Handlers.Tests.Filters;

/// <summary>What the router makes of messages that have filters.</summary>
public sealed class FilterRunTests : IHandlerRuntime, IDisposable
{
    private static readonly TimeSpan Guard = TimeSpan.FromSeconds(30);
    private readonly ManualTimeProvider _time = new();
    private readonly HandlerTable _table = HandlerTables.Of(typeof(MovingFilter), typeof(NextFilter), typeof(OuterFilter));
    private readonly ScriptedGrain _grain;
    private readonly BrokerMetrics _metrics = new();
    private readonly RecordingGateway _gateway = new();
    private readonly CancellationTokenSource _leaving = new();
    private readonly RoutingLeases _leases;
    private readonly RouteReplica _replica;
    private readonly Router _router;
    private readonly TaskCompletionSource _patient = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Exception? _noLetters;

    public FilterRunTests()
    {
        (var grains, _grain) = ScriptedFactory.Create();
        var partitions = new TopicPartitions(1);
        _leases = new RoutingLeases(1, new LeaseTimes(), _time, leaving: _leaving.Token);
        _leases.Extend(0, _time.GetTimestamp());
        _replica = new RouteReplica(partitions, _leases, _table);
        var queues = new HandlerQueues(grains, this, _table, _leases, new Live<HandlerLimits>(new HandlerLimits { MaxHandlerQueuedMessages = 3 }), _time, NullLogger<HandlerQueues>.Instance);
        _router = new Router(_replica, grains, partitions, _metrics, NullLogger<Router>.Instance, _gateway, leases: _leases, handlers: queues);
        _time.TimerSet += due =>
        {
            if (due == TimeSpan.FromSeconds(10)) _patient.TrySetResult();
        };
    }

    public void Dispose()
    {
        _leaving.Dispose();
        _metrics.Dispose();
    }

    [Fact]
    public async Task Nobody_has_a_message_before_its_filters()
    {
        await SubscribeAsync("from/7");
        var publish = Publish("from/7", "a");
        Assert.Empty(_gateway.Delivered);
        await DecideAsync(FilterDecision.Allow);
        await SucceededAsync(publish, 1);
        Assert.Equal(["from/7 a"], _gateway.Delivered);
        Assert.Equal(1, _table.Find(nameof(MovingFilter))!.Counts.Handled);
    }

    [Fact]
    public async Task What_is_moved_has_the_filters_of_the_new_topic_next_and_none_twice()
    {
        await SubscribeAsync("to/7/#");
        var publish = Publish("from/7/8", "a");
        Assert.Equal(nameof(OuterFilter), await DecideAsync(FilterDecision.Allow));
        Assert.Equal(nameof(MovingFilter), await DecideAsync(FilterDecision.Change(topic: "to/7/8")));
        Assert.Equal(nameof(NextFilter), await DecideAsync(FilterDecision.Allow));
        await SucceededAsync(publish, 1);
        Assert.Equal(["to/7/8 a"], _gateway.Delivered);
    }

    [Fact]
    public async Task Who_is_denied_is_told_why()
    {
        await SubscribeAsync("from/7");
        var publish = Publish("from/7", "a");
        await DecideAsync(FilterDecision.Deny(ReasonCode.PayloadFormatInvalid, "no\nnumber"));
        Assert.Equal(ReasonCode.PayloadFormatInvalid, (await FailedAsync<PublishDeniedException>(publish)).Reason);
        Assert.Equal((0, 1), (_gateway.Delivered.Count, _table.Find(nameof(MovingFilter))!.Counts.Denied));
    }

    [Fact]
    public void The_reason_crosses_lanes()
    {
        foreach (var reason in new[] { ReasonCode.UnspecifiedError, ReasonCode.PayloadFormatInvalid })
        {
            var pending = new PendingPublish();
            pending.Complete(new PublishDeniedException(reason));
            var failure = RouteOutcome.FailureOf(RouteOutcome.Of(new RouteResult(0, pending)));
            Assert.Equal(reason, Assert.IsType<PublishDeniedException>(failure).Reason);
            Assert.True(RouteOutcome.IsFinal(failure));
        }
        Assert.IsType<IOException>(RouteOutcome.FailureOf(RouteOutcome.Denied - 0x100));
        Assert.IsType<IOException>(RouteOutcome.FailureOf(RouteOutcome.Denied + 1));
    }

    [Fact]
    public async Task An_answer_of_a_silo_that_knows_the_filter_as_a_handler_is_none()
    {
        await SubscribeAsync("from/7");
        var publish = Publish("from/7", "a");
        var (_, answer) = await _grain.CallAsync();
        answer.SetResult(new HandlerResult([new HandlerOutcome(HandlerState.Handled)]));
        await DecideAsync(FilterDecision.Allow);
        await SucceededAsync(publish, 1);
    }

    [Fact]
    public async Task What_has_no_room_is_dropped_where_nobody_can_be_held_back()
    {
        await SubscribeAsync("from/7");
        var publishes = Enumerable.Range(0, 3).Select(i => Publish("from/7", $"{i}", i == 1 ? QualityOfService.AtMostOnce : QualityOfService.AtLeastOnce)).ToList();
        await SucceededAsync(Publish("from/7", "dropped", QualityOfService.AtMostOnce), 0);
        publishes.Add(Publish("from/7", "3"));
        await FailedAsync<IOException>(Publish("from/7", "refused", byHandler: true));
        foreach (var publish in publishes)
        {
            await DecideAsync(FilterDecision.Allow);
            await SucceededAsync(publish, 1);
        }
        Assert.Equal(["from/7 0", "from/7 1", "from/7 2", "from/7 3"], _gateway.Delivered);
        Assert.Equal(2, _table.Find(nameof(MovingFilter))!.Counts.Dropped);
    }

    [Fact]
    public async Task A_handler_waits_for_no_filter_and_what_it_publishes_is_filtered()
    {
        await SubscribeAsync("from/7");
        Assert.Null(Publish("from/7", "a", byHandler: true).Pending);
        Assert.Null(Publish("from/7", "b", byHandler: true).Pending);
        await DecideAsync(FilterDecision.Deny());
        await DecideAsync(FilterDecision.Change(retain: false));
        var behind = Publish("from/7", "c");
        await DecideAsync(FilterDecision.Allow);
        await SucceededAsync(behind, 1);
        Assert.Equal(["from/7 b", "from/7 c"], _gateway.Delivered);
    }

    [Fact]
    public async Task What_waits_for_a_filter_while_it_expires_goes_nowhere()
    {
        await SubscribeAsync("from/7");
        var publish = Publish("from/7", "a");
        var (_, answer) = await _grain.CallAsync();
        var expired = Route(Message("from/7", "b").With(expiresAt: _time.GetUtcNow().ToUnixTimeMilliseconds() + 500));
        _time.Advance(TimeSpan.FromSeconds(1));
        answer.SetResult(Result(FilterDecision.Allow));
        await SucceededAsync(publish, 1);
        await SucceededAsync(expired, 0);
        Assert.Equal(["from/7 a"], _gateway.Delivered);
    }

    [Fact]
    public async Task What_has_passed_waits_until_the_silo_knows_all_routes()
    {
        await SubscribeAsync("from/7");
        var publish = Publish("from/7", "a");
        _leases.Revoke(0);
        await DecideAsync(FilterDecision.Allow);
        await _patient.Task.WaitAsync(Guard, TestContext.Current.CancellationToken);
        Assert.Empty(_gateway.Delivered);
        _time.Advance(TimeSpan.FromSeconds(1));
        _leases.Extend(0, _time.GetTimestamp());
        await SucceededAsync(publish, 1);
    }

    [Fact]
    public async Task A_silo_that_does_not_learn_the_routes_fails_what_has_passed()
    {
        await SubscribeAsync("from/7");
        var publish = Publish("from/7", "a");
        _leases.Revoke(0);
        await DecideAsync(FilterDecision.Allow);
        await _patient.Task.WaitAsync(Guard, TestContext.Current.CancellationToken);
        _time.Advance(TimeSpan.FromSeconds(10));
        await FailedAsync<NoRoutingLeaseException>(publish);
    }

    [Fact]
    public async Task A_silo_that_leaves_says_nothing_of_what_a_lane_takes_elsewhere()
    {
        await SubscribeAsync("from/7");
        var publish = Route(Message("from/7", "a").With(stamp: new LaneStamp(1, 1, 1)));
        var behind = Publish("from/7", "b");
        _leases.Revoke(0);
        await _leaving.CancelAsync();
        await DecideAsync(FilterDecision.Allow);
        await DecideAsync(FilterDecision.Allow);
        await FailedAsync<NoRoutingLeaseException>(behind);
        Assert.False(publish.Pending!.WaitAsync().IsCompleted);
    }

    [Fact]
    public async Task What_stands_behind_one_that_its_publisher_sends_again_fails_with_it()
    {
        await SubscribeAsync("from/7");
        _noLetters = new IOException("no");
        var stream = new PublishStream();
        var (first, second) = (Route(Message("from/7", "a").With(publisher: "c"), stream), Route(Message("from/7", "b").With(publisher: "c"), stream));
        (await _grain.CallAsync()).Answer.SetResult(new HandlerResult([new HandlerOutcome(HandlerState.Unreadable, "no")]));
        await FailedAsync<IOException>(first);
        await DecideAsync(FilterDecision.Allow);
        await FailedAsync<IOException>(second);
        Assert.Empty(_gateway.Delivered);
    }

    [Fact]
    public async Task A_message_of_a_lane_that_was_held_up_says_so()
    {
        await SubscribeAsync("from/7");
        var publish = Route(Message("from/7", "a").With(stamp: new LaneStamp(1, 2, 1)));
        await DecideAsync(FilterDecision.Change(qos: QualityOfService.ExactlyOnce));
        await SucceededAsync(publish, 1);
        Assert.Equal(["from/7 a late"], _gateway.Delivered);
    }

    [Fact]
    public void Receivers_know_repeats_of_late_messages_one_by_one()
    {
        var lane = new LaneProgress();
        lane.Take(new LaneStamp(1, 6, 1));
        var late = new LaneStamp(1, 5, 1);
        Assert.False(lane.KnowsApart(late, null));
        lane.TakeApart(late, null);
        Assert.True(lane.KnowsApart(late, null));
        Assert.False(lane.KnowsApart(new LaneStamp(1, 4, 1), null));
        // The lane knows what has become of it.
        Assert.True(lane.KnowsApart(new LaneStamp(1, 4, 4) with { Number = 3 }, null));
    }

    Task<HandlerResult> IHandlerRuntime.HandleAsync(object grain, HandlerBatch batch) => throw new NotSupportedException();

    Task IHandlerRuntime.PublishAsync(Message message) => _noLetters is null ? Task.CompletedTask : Task.FromException(_noLetters);

    Task<Message?> IHandlerRuntime.ReadRetainedAsync(string topic) => throw new NotSupportedException();

    ReadOnlyMemory<byte> IHandlerRuntime.Encode<T>(T payload) => throw new NotSupportedException();

    private static Message Message(string topic, string text, QualityOfService qos = QualityOfService.AtLeastOnce) =>
        new(Encoding.UTF8.GetBytes(topic), [], Encoding.UTF8.GetBytes(text)) { QoS = qos };

    private static HandlerResult Result(FilterDecision decision) => new([new HandlerOutcome(HandlerState.Handled, Decision: decision)]);

    private Task SubscribeAsync(string filter) => _replica.LoadAsync(0, new RouteSnapshot(1, [RouteChanges.OfGateway(_gateway.Name, filter, removed: false)], default));

    private RouteResult Publish(string topic, string text, QualityOfService qos = QualityOfService.AtLeastOnce, bool byHandler = false) => Route(Message(topic, text, qos), byHandler: byHandler);

    private RouteResult Route(Message message, PublishStream? stream = null, bool byHandler = false)
    {
        var view = new PublishView(message) { ByHandler = byHandler, Streams = stream };
        return _router.Route(ref view);
    }

    // Decides on the first message of the next call; returns the filter.
    private async Task<string> DecideAsync(FilterDecision decision)
    {
        var (batch, answer) = await _grain.CallAsync();
        answer.SetResult(Result(decision));
        return batch.Messages[0].Handler;
    }

    private static async Task SucceededAsync(RouteResult publish, int receivers)
    {
        await publish.Pending!.WaitAsync().WaitAsync(Guard, TestContext.Current.CancellationToken);
        Assert.Null(publish.Pending.Failure);
        Assert.Equal(receivers, publish.Total);
    }

    private static async Task<T> FailedAsync<T>(RouteResult publish)
        where T : Exception
    {
        await publish.Pending!.WaitAsync().WaitAsync(Guard, TestContext.Current.CancellationToken);
        return Assert.IsType<T>(publish.Pending.Failure);
    }
}

[TopicHandler("from/{id}/{*rest}", Filter = true, MovesTo = "to/{id}/{*rest}")]
public abstract class MovingFilter : DecidingGrain;

[TopicHandler("to/{id}/{*rest}", Filter = true)]
public abstract class NextFilter : DecidingGrain;

[TopicHandler("{root}/{id}/{last}", Filter = true, Order = -1)]
public abstract class OuterFilter : DecidingGrain;

internal sealed class RecordingGateway : Gateways.ILocalGateway
{
    public List<string> Delivered { get; } = [];

    public string Name => "g";

    public int Deliver(ref PublishView publish)
    {
        Delivered.Add($"{Encoding.UTF8.GetString(publish.Topic)} {Encoding.UTF8.GetString(publish.Payload)}{(publish.IsLate ? " late" : "")}");
        return 1;
    }

    public bool DeliverShared(ref PublishView publish, string clientId, SharedGroupKey group, SubscriptionOptions options, QualityOfService qos, bool mayWait) => false;
}
