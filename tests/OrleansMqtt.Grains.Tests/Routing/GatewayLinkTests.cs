using System.Collections.Immutable;
using System.Text;
using OrleansMqtt.Diagnostics;
using OrleansMqtt.Gateways;
using OrleansMqtt.Grains.Routing;
using OrleansMqtt.Grains.Tests.Support;
using OrleansMqtt.Messages;
using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Routing;
using OrleansMqtt.Sessions;
using OrleansMqtt.Tests;

namespace OrleansMqtt.Grains.Tests.Routing;

public sealed class GatewayLinkTests : IDisposable
{
    private readonly ManualTimeProvider _time = new();
    private readonly BrokerMetrics _metrics = new();
    private readonly ListLogger _logger = new();
    private readonly Scripted _gateway = new();
    private readonly GatewayLinks _links;

    public GatewayLinkTests() => _links = new GatewayLinks(_gateway, _metrics, _time, _logger);

    public void Dispose() => _metrics.Dispose();

    [Fact]
    public async Task What_comes_during_a_call_goes_together_as_the_next()
    {
        var sent = Enumerable.Range(0, 5).Select(i => SendAsync($"{i}")).ToList();
        var first = await _gateway.NextAsync();
        var later = SendAsync("later");
        first.Answer([.. Texts(first.Call).Select(static _ => 1)]);
        var texts = Texts(first.Call);
        while (texts.Count < 6)
        {
            var next = await _gateway.NextAsync();
            texts.AddRange(Texts(next.Call));
            next.Answer([.. Texts(next.Call).Select(static _ => 1)]);
        }

        Assert.All(await Task.WhenAll(sent), static answer => Assert.Equal(1, answer));
        Assert.Equal(1, await later);
        Assert.Equal(["0", "1", "2", "3", "4", "later"], texts);
    }

    [Fact]
    public async Task A_call_that_fails_is_repeated_as_it_was_until_it_is_answered()
    {
        var pause = NextPause();
        var sent = SendAsync("m");
        var first = await _gateway.NextAsync();
        first.Fail(new TimeoutException());
        await pause;
        _time.Advance(TimeSpan.FromSeconds(1));
        var second = await _gateway.NextAsync();
        second.Answer([3]);

        Assert.Equal((first.Call.Router, first.Call.Call), (second.Call.Router, second.Call.Call));
        Assert.Equal(Texts(first.Call), Texts(second.Call));
        Assert.Equal(3, await sent);
    }

    [Fact]
    public async Task A_gateway_that_is_gone_for_good_fails_nobody()
    {
        var pause = NextPause();
        var sent = SendAsync("m");
        (await _gateway.NextAsync()).Fail(new IOException());
        await pause;
        _gateway.IsGone = true;
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(0, await sent);
        Assert.Equal(0, await SendAsync("later"));
    }

    [Fact]
    public async Task Nobody_waits_with_what_may_be_lost_for_a_gateway_that_does_not_answer()
    {
        var sent = SendAsync("in flight");
        var call = await _gateway.NextAsync();
        var (kept, dropped, passedOn) = (SendAsync("kept"), SendAsync("dropped", QualityOfService.AtMostOnce), SendAsync("group", member: Member(mayWait: false)));
        var pause = NextPause();
        call.Fail(new IOException());

        Assert.Equal((1, 0), (await dropped, await passedOn));
        await pause;
        // What comes later does not even begin to wait.
        Assert.Equal(1, await SendAsync("dropped at once", QualityOfService.AtMostOnce));
        Assert.False(_links.TrySend("g", new GatewayDelivery(Samples.Message("t", "m"), Member(mayWait: false)), new PendingPublish()));
        _time.Advance(TimeSpan.FromSeconds(1));
        (await _gateway.NextAsync()).Answer([1]);
        (await _gateway.NextAsync()).Answer([1]);
        Assert.Equal((1, 1), (await sent, await kept));
        Assert.Equal(2, _metrics.Dropped(DropReason.SlowConsumer));
    }

    [Fact]
    public async Task What_another_router_of_the_lane_brings_again_joins_what_waits()
    {
        var busy = SendAsync("busy");
        var call = await _gateway.NextAsync();
        var stamped = Samples.Message("t", "m").With(stamp: new LaneStamp(1, 7, 5));
        var (first, second) = (SendAsync(stamped), SendAsync(stamped));
        call.Answer([1]);
        var next = await _gateway.NextAsync();
        next.Answer([2]);

        Assert.Single(Texts(next.Call));
        Assert.Equal((1, 2, 2), (await busy, await first, await second));
    }

    private static SharedDelivery Member(bool mayWait) => new("c", new SharedGroupKey("g", "t", false), Samples.Options(), QualityOfService.AtLeastOnce, mayWait);

    private static List<string> Texts(GatewayCall call)
    {
        var (texts, others) = (new List<string>(), 0);
        var unpacker = new PublishUnpacker(call.Publishes);
        while (unpacker.TryRead(out var publish, out var isOther)) texts.Add(isOther ? call.Others[others++].Message.Text() : Encoding.UTF8.GetString(publish.Payload));
        return texts;
    }

    private Task<int> SendAsync(string text, QualityOfService qos = QualityOfService.AtLeastOnce, SharedDelivery? member = null) => SendAsync(Samples.Message("t", text, qos), member);

    private async Task<int> SendAsync(Message message, SharedDelivery? member = null)
    {
        var pending = new PendingPublish();
        pending.Add();
        Send(message, member, pending);
        pending.Complete();
        await pending.WaitAsync();
        return pending.Receivers;
    }

    private void Send(Message message, SharedDelivery? member, PendingPublish pending)
    {
        var publish = new PublishView(message);
        if (member is null) _links.Deliver("g", ref publish, pending, 0);
        else Assert.True(_links.TrySend("g", new GatewayDelivery(message, member), pending));
    }

    [Fact]
    public async Task A_gateway_that_hangs_is_waited_for_until_it_is_gone()
    {
        var pause = NextPause();
        var sent = SendAsync("m");
        await _gateway.NextAsync();
        _gateway.Vanish();
        await pause;
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(0, await sent.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));
    }

    private Task NextPause()
    {
        var set = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _time.TimerSet += due =>
        {
            if (due > TimeSpan.Zero) set.TrySetResult();
        };
        return set.Task;
    }

    /// <summary>A gateway, and the directory that knows it, whose every answer the test gives.</summary>
    private sealed class Scripted : IGatewayDirectory, IGatewayEndpoint
    {
        private readonly System.Threading.Channels.Channel<Received> _calls = System.Threading.Channels.Channel.CreateUnbounded<Received>();

        private readonly TaskCompletionSource _missing = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public bool IsGone { get; set; }

        public Task WhenMissing(string gateway) => _missing.Task;

        public void Vanish()
        {
            IsGone = true;
            _missing.SetResult();
        }

        public ValueTask<Received> NextAsync() => _calls.Reader.ReadAsync(TestContext.Current.CancellationToken);

        public ValueTask<IGatewayEndpoint?> FindAsync(string gateway) => new(IsGone ? null : this);

        public ValueTask<ImmutableArray<int>> DeliverAsync(GatewayCall call)
        {
            var received = new Received(call);
            _calls.Writer.TryWrite(received);
            return new ValueTask<ImmutableArray<int>>(received.Answered);
        }

        public Task<bool> PushAsync(string clientId, long epoch, ImmutableArray<SessionDelivery> deliveries) => throw new NotSupportedException();

        public Task<RoutePage> ReadRoutesAsync(int partition, int page) => throw new NotSupportedException();

        public Task<IGatewayConnections> GetConnectionsAsync() => throw new NotSupportedException();

        public Task<bool> CloseAsync(string clientId, long epoch, ReasonCode reason) => throw new NotSupportedException();
    }

    private sealed class Received(GatewayCall call)
    {
        private readonly TaskCompletionSource<ImmutableArray<int>> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public GatewayCall Call => call;

        public Task<ImmutableArray<int>> Answered => _answer.Task;

        public void Answer(ImmutableArray<int> answers) => _answer.SetResult(answers);

        public void Fail(Exception exception) => _answer.SetException(exception);
    }
}
