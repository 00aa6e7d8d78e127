using System.Collections.Concurrent;
using Microsoft.Extensions.Logging.Abstractions;
using OrleansMqtt.Actors.Networking;
using OrleansMqtt.Actors.Networking.Connections;
using OrleansMqtt.Actors.Networking.Frames;
using OrleansMqtt.Actors.Networking.Transports;
using OrleansMqtt.Actors.Tests.Networking.Support;

namespace OrleansMqtt.Actors.Tests.Networking.Connections;

public class EndTests
{
    [Fact]
    public async Task Each_call_is_settled_exactly_once_whenever_the_connection_is_cut()
    {
        var seed = Environment.TickCount;
        TestContext.Current.TestOutputHelper?.WriteLine($"Seed {seed}");
        var random = new Random(seed);
        var (all, answered) = (0, 0);
        for (var round = 0; round < 300; round++)
        {
            var run = new CutRun(random.Next());
            await run.RunAsync();
            all += run.Accepted;
            answered += run.Answered;
        }

        // Else the rounds have not met the moments that matter.
        Assert.InRange(answered, 1, all - 1);
    }

    [Fact]
    public async Task What_the_transport_has_not_taken_was_certainly_never_sent()
    {
        var (near, _) = await Wire.ConnectAsync();
        var gate = new GatedWriter(near.Transport.Output);
        near.Transport = new DuplexPipe(near.Transport.Input, gate);
        var receiver = new Receiver();
        var connection = Wire.Open(near, receiver, new NetworkOptions { WindowBytes = 150 });
        connection.Request(1, 50);
        await gate.StartedAsync();
        connection.Request(2, 50);
        connection.OneWay(8, 100);
        connection.Request(3, 50);
        connection.OneWay(9, 50);
        connection.End(EndKind.Closed, "cut");
        gate.LetGo();
        await connection.Completion;

        Assert.Equal(
            [(FrameKind.Request, 1L, false), (FrameKind.Request, 2L, true), (FrameKind.Request, 3L, true), (FrameKind.OneWay, 9L, true)],
            receiver.Unsettled.Select(static frame => (frame.Kind, (long)frame.Request!, frame.NeverSent)));
    }

    [Fact]
    public async Task The_end_is_told_once_with_its_first_reason_and_nothing_is_sent_after_it()
    {
        var receiver = new Receiver();
        var (connection, _) = await Wire.OpenRawAsync(receiver);
        Parallel.For(0, 20, i => connection.End(EndKind.Closed, "reason"));
        connection.End(EndKind.Lost, "later");
        await connection.Completion;
        Assert.Equal([new ConnectionEnd(EndKind.Closed, "reason")], receiver.Ends);
        Assert.Equal(SendResult.Ended, connection.Request(1));
        Assert.Equal(SendResult.Ended, connection.OneWay(2));
        Assert.Empty(receiver.Unsettled);
    }

    [Fact]
    public async Task A_connection_that_never_opens_returns_what_waits()
    {
        var receiver = new Receiver();
        var connection = Wire.New(receiver);
        Assert.Equal(SendResult.Accepted, connection.Request(1));
        Assert.Equal(SendResult.Accepted, connection.OneWay(2));
        connection.End(EndKind.Unreachable, "nobody there");
        Assert.False(await connection.Opened);
        Assert.Equal([1L, 2L], receiver.Unsettled.Select(static frame => frame.Correlation));
        Assert.All(receiver.Unsettled, static frame => Assert.True(frame.NeverSent));
        Assert.False(connection.TryOpen((await Wire.ConnectAsync()).Near, Wire.Silo));
        Assert.Single(receiver.Ends);
    }

    [Fact]
    public async Task What_waits_for_opening_goes_in_order_when_it_opens()
    {
        var (near, far) = await Wire.ConnectAsync();
        var connection = Wire.New(new Receiver());
        for (var i = 0; i < 10; i++)
        {
            connection.Request(i);
        }

        connection.TryOpen(near, Wire.Silo);
        _ = connection.RunAsync();
        var peer = new RawPeer(far);
        for (var i = 0; i < 10; i++)
        {
            Assert.Equal(i, (await peer.ReadAsync()).Correlation);
        }
    }

    /// <summary>Two connected peers, threads that send, and a cut at some sent request, at some answer, or when all is settled.</summary>
    private sealed class CutRun(int seed) : IFrameReceiver
    {
        private const int Requests = 600;
        private readonly Random _random = new(seed);
        private readonly ConcurrentDictionary<long, int> _settled = new();
        private readonly ConcurrentDictionary<long, bool> _neverSent = new();
        private readonly ConcurrentDictionary<long, bool> _received = new();
        private readonly ConcurrentBag<long> _accepted = [];
        private readonly TaskCompletionSource _allSettled = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private Action _cut = static () => { };
        private int _cutAtSend;
        private int _cutAtAnswer;
        private int _sent;
        private int _answered;

        // One for those that are still to be sent.
        private int _unsettled = 1;

        public int Accepted => _accepted.Count;

        public int Answered => _answered;

        public async Task RunAsync()
        {
            var (near, far) = await Wire.ConnectAsync();
            var options = new NetworkOptions { WindowBytes = _random.Next(1, 20_000), QueueBytes = _random.Next(1, 1_000_000) };
            var peer = Wire.Open(far, new Receiver
            {
                Handle = (connection, frame) =>
                {
                    _received.TryAdd(frame.Correlation, true);
                    Receiver.Echo(connection, frame);
                },
            });
            var sender = new PeerConnection("a peer", options, this, NullLogger.Instance);
            (_cutAtSend, _cutAtAnswer) = _random.Next(3) switch
            {
                0 => (_random.Next(1, Requests), 0),
                1 => (0, _random.Next(1, 50)),
                _ => (0, 0),
            };
            _cut = _random.Next(4) switch
            {
                0 => () => sender.End(EndKind.Closed, "cut"),
                1 => () => peer.End(EndKind.Closed, "cut"),
                2 => near.Abort,
                _ => peer.SayGoodbye,
            };
            var abandons = _random.Next(10) == 0;
            sender.TryOpen(near, Wire.Silo);
            var running = sender.RunAsync();
            await Task.WhenAll(Enumerable.Range(0, 2).Select(thread => Task.Run(() => Send(sender, thread, abandons))));
            Release();
            await _allSettled.Task.WaitAsync(TestContext.Current.CancellationToken);
            sender.End(EndKind.Closed, "done");
            await running;
            await peer.Completion;

            Assert.Equal(_accepted.Order(), _settled.Keys.Order());
            Assert.All(_settled.Values, static count => Assert.Equal(1, count));
            Assert.All(_neverSent.Keys, correlation => Assert.False(_received.ContainsKey(correlation), $"{correlation} was received."));
        }

        public void OnFrame(PeerConnection connection, in Frame frame)
        {
            Settle((long)frame.Request!);
            if (Interlocked.Increment(ref _answered) == _cutAtAnswer)
            {
                _cut();
            }
        }

        public void OnUnsettled(PeerConnection connection, in UnsettledFrame frame, string reason)
        {
            if (frame.NeverSent)
            {
                _neverSent.TryAdd(frame.Correlation, true);
            }

            Settle((long)frame.Request!);
        }

        public void OnEnded(PeerConnection connection, ConnectionEnd end)
        {
        }

        private void Send(PeerConnection sender, int first, bool abandons)
        {
            for (var i = first; i < Requests; i += 2)
            {
                if (Interlocked.Increment(ref _sent) == _cutAtSend)
                {
                    _cut();
                }

                Interlocked.Increment(ref _unsettled);
                if (sender.Request(i, i) != SendResult.Accepted)
                {
                    Release();
                    continue;
                }

                _accepted.Add(i);
                if (abandons && i % 5 == 0 && sender.Abandon(i))
                {
                    Settle(i);
                }
            }
        }

        private void Settle(long correlation)
        {
            _settled.AddOrUpdate(correlation, 1, static (_, count) => count + 1);
            Release();
        }

        private void Release()
        {
            if (Interlocked.Decrement(ref _unsettled) == 0)
            {
                _allSettled.TrySetResult();
            }
        }
    }
}
