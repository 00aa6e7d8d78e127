using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using OrleansMqtt.Grains.Handlers;
using OrleansMqtt.Grains.Routing;
using OrleansMqtt.Handlers.Tests.Support;
using OrleansMqtt.Messages;
using OrleansMqtt.Protocol.Codec;
using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Routing;
using OrleansMqtt.Settings;
using OrleansMqtt.Tests;

namespace OrleansMqtt.Handlers.Tests.Queues;

public sealed class HandlerQueueTests : IHandlerRuntime
{
    private static readonly TimeSpan Guard = TimeSpan.FromSeconds(30);
    private readonly ManualTimeProvider _time = new();
    private readonly HandlerTable _table = HandlerTables.Of(typeof(RoutedHandler), typeof(HandledHandler));
    private readonly ScriptedGrain _grain;
    private readonly HandlerQueues _queues;
    private readonly List<Message> _letters = [];
    private readonly System.Threading.Channels.Channel<TimeSpan> _timers = System.Threading.Channels.Channel.CreateUnbounded<TimeSpan>();
    private Exception? _noLetters;

    public HandlerQueueTests()
    {
        (var grains, _grain) = ScriptedFactory.Create();
        _queues = new HandlerQueues(grains, this, _table, new RoutingLeases(), new Live<HandlerLimits>(new HandlerLimits { MaxHandlerQueuedMessages = 3 }), _time, NullLogger<HandlerQueues>.Instance);
        _time.TimerSet += due => _timers.Writer.TryWrite(due);
    }

    private HandlerCounts Counts => _table.Find("HandledHandler")!.Counts;

    [Fact]
    public async Task One_call_is_in_flight_and_what_comes_meanwhile_goes_together_in_order()
    {
        var first = Publish("handled/7", "a");
        var (batch, answer) = await _grain.CallAsync();
        Assert.Equal("a", ScriptedGrain.Describe(batch));
        var second = Publish("handled/7", "b");
        var third = Publish("handled/7", "c");
        Assert.False(_grain.HasCall || first!.WaitAsync().IsCompleted);
        answer.SetResult(new HandlerResult([new HandlerOutcome(HandlerState.Handled)]));
        await SucceededAsync(first);
        Assert.Equal("b c", await _grain.AnswerAsync());
        await SucceededAsync(second);
        await SucceededAsync(third);
        Assert.Equal(3, Counts.Handled);
    }

    [Fact]
    public async Task An_answer_to_some_leaves_the_others_for_the_next_call()
    {
        await PublishBehindOneAsync("a", "b", "c");
        Assert.Equal("a b c", await _grain.AnswerAsync(HandlerState.Handled));
        Assert.Equal("b c", await _grain.AnswerAsync());
    }

    [Fact]
    public async Task Nobody_waits_for_a_handler_of_which_publishers_want_only_that_it_is_routed()
    {
        Assert.Null(Publish("routed/7", "a"));
        Assert.Equal("a", await _grain.AnswerAsync());
    }

    [Fact]
    public async Task One_that_fails_is_tried_again_before_those_behind_it()
    {
        var publishes = await PublishBehindOneAsync("a", "b", "c");
        Assert.Equal("a b c", await _grain.AnswerAsync(HandlerState.Handled, HandlerState.Failed));
        await SucceededAsync(publishes[0]);
        await AdvanceAsync(1000);
        // Alone: if the call itself fails, it is known why.
        Assert.Equal("b#2", await _grain.AnswerAsync(HandlerState.TimedOut));
        await AdvanceAsync(2000);
        Assert.Equal("b#3", await _grain.AnswerAsync());
        Assert.Equal("c", await _grain.AnswerAsync());
        foreach (var publish in publishes) await SucceededAsync(publish);
        Assert.Equal((4, 1, 1, 0), (Counts.Handled, Counts.Failed, Counts.TimedOut, Counts.DeadLettered));
    }

    [Fact]
    public async Task One_that_fails_for_good_is_a_dead_letter_and_those_behind_it_go_on()
    {
        var properties = MessageProperties.Encode(contentType: "text/plain", userProperties: [new UserProperty("mine", "1")]);
        var publish = Publish(new Message("handled/7"u8, properties, "a"u8) { QoS = QualityOfService.AtLeastOnce, Publisher = "me" });
        foreach (var pause in new[] { 1000, 2000 })
        {
            await _grain.AnswerAsync(HandlerState.Failed);
            await AdvanceAsync(pause);
        }
        Assert.Equal("a#3", await _grain.AnswerAsync(HandlerState.Failed));
        await FailedAsync<HandlerFailedException>(publish);
        var letter = Assert.Single(_letters);
        Assert.Equal(("$dead-letter/HandledHandler", "a", QualityOfService.AtLeastOnce, "text/plain"), (letter.TopicName, Text(letter), letter.QoS, new MessageProperties(letter.Properties).ContentType));
        Assert.Equal(
            ["mine=1", "dead-letter-topic=handled/7", "dead-letter-reason=it is Failed", "dead-letter-attempts=3", "dead-letter-publisher=me"],
            new MessageProperties(letter.Properties).UserProperties.Select(static property => $"{property.Name}={property.Value}"));
        Assert.Equal(1, Counts.DeadLettered);
        var next = Publish("handled/7", "b");
        Assert.Equal("b", await _grain.AnswerAsync());
        await SucceededAsync(next);
    }

    [Fact]
    public async Task One_that_cannot_be_read_is_a_dead_letter_at_once()
    {
        var publishes = await PublishBehindOneAsync("a", "b");
        Assert.Equal("a b", await _grain.AnswerAsync(HandlerState.Unreadable, HandlerState.Handled));
        await FailedAsync<HandlerFailedException>(publishes[0]);
        await SucceededAsync(publishes[1]);
        Assert.Equal("a", Text(Assert.Single(_letters)));
    }

    [Fact]
    public async Task What_a_session_has_stored_is_taken_when_its_dead_letter_is_published()
    {
        var number = new MessageNumber(1, 1);
        var publish = Publish(Message("handled/7", "a").With(identity: new MessageIdentity(MessageIdentity.OfSession("me"), number, number)));
        await _grain.AnswerAsync(HandlerState.Unreadable);
        await SucceededAsync(publish);
        Assert.Single(_letters);
    }

    [Fact]
    public async Task A_message_whose_dead_letter_cannot_be_published_has_failed_as_any_other()
    {
        _noLetters = new IOException("no");
        var publish = Publish("handled/7", "a");
        await _grain.AnswerAsync(HandlerState.Unreadable);
        await FailedAsync<IOException>(publish);
    }

    [Fact]
    public async Task A_dead_letter_that_fails_is_given_up()
    {
        var publish = Publish("$dead-letter/x", "a");
        await _grain.AnswerAsync(HandlerState.Failed);
        await FailedAsync<HandlerFailedException>(publish);
        Assert.Empty(_letters);
    }

    [Fact]
    public async Task A_grain_that_does_not_answer_is_waited_for_no_longer_than_its_handlers_may_take()
    {
        var publishes = await PublishBehindOneAsync("a", "b");
        await _grain.CallAsync();
        await AdvanceAsync(15_000);
        await AdvanceAsync(1000);
        Assert.Equal("a#2", await _grain.AnswerAsync());
        Assert.Equal("b", await _grain.AnswerAsync());
        foreach (var publish in publishes) await SucceededAsync(publish);
        Assert.Equal(1, Counts.TimedOut);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_grain_that_cannot_be_reached_or_is_of_another_version_is_called_again_for_a_while(bool isUnknown)
    {
        var publish = Publish("handled/7", "a");
        // The second time at once.
        await FailAsync();
        for (var i = 0; i < 10; i++)
        {
            await FailAsync();
            await AdvanceAsync(1000);
        }
        Assert.Equal("a", await _grain.AnswerAsync());
        await SucceededAsync(publish);
        Assert.Equal(0, Counts.Failed);

        var next = Publish("handled/7", "b");
        await FailAsync();
        await FailAsync();
        await AdvanceAsync(1000);
        _time.Advance(TimeSpan.FromSeconds(12));
        await FailAsync();
        await AdvanceAsync(10_000);
        await FailAsync();
        await FailedAsync<HandlerFailedException>(next);
        Assert.Equal(1, Counts.DeadLettered);

        async Task FailAsync()
        {
            if (isUnknown) await _grain.AnswerAsync(HandlerState.Unknown);
            else (await _grain.CallAsync()).Answer.SetException(new TimeoutException("gone"));
        }
    }

    [Fact]
    public async Task One_whose_handler_is_unknown_behind_another_is_asked_for_again_too()
    {
        var publishes = await PublishBehindOneAsync("a", "b");
        Assert.Equal("a b", await _grain.AnswerAsync(HandlerState.Handled, HandlerState.Unknown));
        Assert.Equal("b", await _grain.AnswerAsync());
        foreach (var publish in publishes) await SucceededAsync(publish);
        Assert.Empty(_letters);
    }

    [Fact]
    public async Task When_too_many_wait_QoS_0_is_dropped_and_others_are_acknowledged_when_handled()
    {
        for (var i = 0; i < 3; i++) Assert.Null(Publish("routed/7", $"{i}"));
        Assert.Null(Publish(Message("routed/7", "dropped").With(qos: QualityOfService.AtMostOnce)));
        var waits = Publish("routed/7", "3");
        Assert.NotNull(waits);
        var refused = Publish("routed/7", "refused", byHandler: true);
        Assert.IsType<IOException>(refused!.Failure);
        Assert.Equal("0", await _grain.AnswerAsync());
        Assert.Equal("1 2 3", await _grain.AnswerAsync());
        await SucceededAsync(waits);
        Assert.Equal(2, _table.Find("RoutedHandler")!.Counts.Dropped);
        Assert.Null(Publish("routed/7", "4"));
        Assert.Equal("4", await _grain.AnswerAsync());
    }

    [Fact]
    public void A_handler_that_publishes_waits_for_no_other() => Assert.Null(Publish("handled/7", "a", byHandler: true));

    [Fact]
    public async Task What_has_expired_is_not_handled()
    {
        Publish("handled/7", "a");
        var call = await _grain.CallAsync();
        var expired = Publish(Message("handled/7", "b").With(expiresAt: _time.GetUtcNow().ToUnixTimeMilliseconds() + 500));
        Publish("handled/7", "c");
        _time.Advance(TimeSpan.FromSeconds(1));
        call.Answer.SetResult(new HandlerResult([new HandlerOutcome(HandlerState.Handled)]));
        await SucceededAsync(expired);
        Assert.Equal("c", await _grain.AnswerAsync());
        Assert.Equal(1, Counts.Dropped);
    }

    [Fact]
    public async Task Messages_without_an_identity_are_numbered_and_keep_their_number()
    {
        await PublishBehindOneAsync("a", "b");
        var (batch, answer) = await _grain.CallAsync();
        Assert.Equal((2, 2, 3), (batch.Floor, batch.Messages[0].Number, batch.Messages[1].Number));
        answer.SetResult(new HandlerResult([new HandlerOutcome(HandlerState.Handled), new HandlerOutcome(HandlerState.Failed, "no")]));
        await AdvanceAsync(1000);
        batch = (await _grain.CallAsync()).Batch;
        Assert.Equal((3, 3, _queues.Source), (batch.Floor, batch.Messages[0].Number, batch.Source));
    }

    [Fact]
    public async Task What_has_been_added_is_waited_for_when_the_silo_stops()
    {
        Publish("routed/7", "a");
        var drained = _queues.DrainAsync();
        Assert.False(drained.IsCompleted);
        await _grain.AnswerAsync();
        await drained.WaitAsync(Guard, TestContext.Current.CancellationToken);
    }

    Task<HandlerResult> IHandlerRuntime.HandleAsync(object grain, HandlerBatch batch) => throw new NotSupportedException();

    Task IHandlerRuntime.PublishAsync(Message message)
    {
        _letters.Add(message);
        return _noLetters is null ? Task.CompletedTask : Task.FromException(_noLetters);
    }

    Task<Message?> IHandlerRuntime.ReadRetainedAsync(string topic) => throw new NotSupportedException();

    ReadOnlyMemory<byte> IHandlerRuntime.Encode<T>(T payload) => throw new NotSupportedException();

    private static Message Message(string topic, string payload) => new(Encoding.UTF8.GetBytes(topic), [], Encoding.UTF8.GetBytes(payload)) { QoS = QualityOfService.AtLeastOnce };

    private static string Text(Message message) => Encoding.UTF8.GetString(message.Payload);

    private PendingPublish? Publish(string topic, string payload, bool byHandler = false) => Publish(Message(topic, payload), byHandler);

    private PendingPublish? Publish(Message message, bool byHandler = false)
    {
        PendingPublish? pending = null;
        var view = new PublishView(message) { ByHandler = byHandler };
        foreach (var route in _table.Match(message.Topic)) _queues.Add(route, ref view, ref pending);
        pending?.Complete();
        return pending;
    }

    // They gather while one before them is handled.
    private async Task<List<PendingPublish?>> PublishBehindOneAsync(params string[] payloads)
    {
        var before = Publish("handled/7", "before");
        var (_, answer) = await _grain.CallAsync();
        var publishes = payloads.Select(payload => Publish("handled/7", payload)).ToList();
        answer.SetResult(new HandlerResult([new HandlerOutcome(HandlerState.Handled)]));
        await SucceededAsync(before);
        return publishes;
    }

    // Waits until somebody waits for as long, and lets that pass.
    private async Task AdvanceAsync(int milliseconds)
    {
        var by = TimeSpan.FromMilliseconds(milliseconds);
        while (await _timers.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(Guard, TestContext.Current.CancellationToken) is var due && (due > by || due < TimeSpan.Zero))
        {
        }
        _time.Advance(by);
    }

    private static async Task SucceededAsync(PendingPublish? publish)
    {
        await publish!.WaitAsync().WaitAsync(Guard, TestContext.Current.CancellationToken);
        Assert.Null(publish.Failure);
    }

    private static async Task FailedAsync<T>(PendingPublish? publish)
    {
        await publish!.WaitAsync().WaitAsync(Guard, TestContext.Current.CancellationToken);
        Assert.IsType<T>(publish.Failure);
    }
}
