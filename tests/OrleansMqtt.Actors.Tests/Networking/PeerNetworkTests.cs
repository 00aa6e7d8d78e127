using Microsoft.Extensions.Logging;
using Orleans.Runtime;
using OrleansMqtt.Actors.Networking;
using OrleansMqtt.Actors.Networking.Connections;
using OrleansMqtt.Actors.Networking.Frames;
using OrleansMqtt.Actors.Tests.Networking.Support;
using OrleansMqtt.Actors.Tests.Support;

namespace OrleansMqtt.Actors.Tests.Networking;

public class PeerNetworkTests
{
    private static readonly byte[] Body = [1, 2, 3];

    [Theory]
    [InlineData("memory")]
    [InlineData("tcp")]
    [InlineData("tls")]
    public async Task Two_silos_call_each_other_each_over_the_connection_that_it_opened(string transport)
    {
        await using var room = new Room(transport);
        var (a, b) = (await room.SiloAsync(), await room.SiloAsync());
        Send(a.Network, b.Silo, 1);
        Send(b.Network, a.Silo, 1);
        foreach (var peer in new[] { a, b })
        {
            Frame frame;
            while ((frame = await peer.Receiver.FrameAsync()).Kind != FrameKind.Response)
            {
                Assert.Equal(FrameKind.Request, frame.Kind);
            }

            Assert.Equal(Body, frame.Body.ToArray());
            Assert.Equal("call 1", frame.Request);
        }

        Assert.Equal((2, 2), (a.Network.Connections.Count, b.Network.Connections.Count));
        Assert.NotSame(a.Network.ConnectionTo(b.Silo), a.Network.ConnectionOf(b.Self));
    }

    [Theory]
    [InlineData("memory")]
    [InlineData("tcp")]
    [InlineData("tls")]
    public async Task A_silo_reaches_a_client_over_the_connection_that_the_client_opened(string transport)
    {
        await using var room = new Room(transport);
        var (silo, client) = (await room.SiloAsync(), room.Client("gateway-1"));
        Assert.Null(silo.Network.ConnectionOf(client.Self));
        Assert.True(await client.Network.ConnectionTo(PeerTarget.AnySiloAt(silo.Silo.Endpoint)).Opened);
        Send(client.Network.ConnectionTo(PeerTarget.AnySiloAt(silo.Silo.Endpoint)), 1);
        await silo.Receiver.FrameAsync();
        Send(silo.Network.ConnectionOf(client.Self)!, 2);
        Assert.Equal((FrameKind.Response, 2L), Head(await silo.Receiver.FrameAsync()));
        Assert.Single(client.Network.Connections);
        Assert.Equal(silo.Self, client.Network.Connections.Single().Peer);
    }

    [Theory]
    [InlineData("memory")]
    [InlineData("tcp")]
    public async Task Threads_that_call_a_silo_for_the_first_time_share_one_connection(string transport)
    {
        await using var room = new Room(transport);
        var (a, b) = (await room.SiloAsync(), await room.SiloAsync());
        var connections = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(() => a.Network.ConnectionTo(b.Silo))));
        Assert.Single(connections.Distinct());
        Assert.True(await connections[0].Opened);
    }

    [Theory]
    [InlineData("memory")]
    [InlineData("tcp")]
    public async Task What_cannot_reach_its_addressee_comes_back_with_the_reason(string transport)
    {
        await using var room = new Room(transport);
        var silo = await room.SiloAsync(generation: 5);
        var nobody = await room.SiloAsync();
        await nobody.Network.DisposeAsync();
        var foreign = room.Client("stranger", cluster: "green");
        var member = room.Client("member");

        await AssertRefusedAsync(room, foreign, silo.Silo, EndKind.Refused, "another cluster");
        await AssertRefusedAsync(room, member, SiloAddress.New(silo.Silo.Endpoint, 4), EndKind.Refused, "generation 4");
        await AssertRefusedAsync(room, member, nobody.Silo, EndKind.Unreachable, "");
    }

    [Fact]
    public async Task Refusals_are_logged_on_both_sides_once_a_minute()
    {
        await using var room = new Room("memory");
        var silo = await room.SiloAsync();
        var brief = TimeSpan.FromMilliseconds(1);
        var foreign = room.Client("stranger", new NetworkOptions { FirstBackOff = brief, MaxBackOff = brief }, "green");
        for (var i = 0; i < 5; i++)
        {
            await FailAsync();
        }

        // The silo writes its line when it has answered.
        await ManualTime.UntilAsync(() => CountOf(1411) > 0);
        Assert.Equal((1, 1), (CountOf(1410), CountOf(1411)));
        Assert.Contains(room.Log.Lines, line => line.Id == 1411 && line.Text.Contains("client stranger", StringComparison.Ordinal));
        room.Time.Advance(TimeSpan.FromMinutes(1));
        await FailAsync();
        await ManualTime.UntilAsync(() => CountOf(1411) > 1);
        Assert.Equal((2, 2), (CountOf(1410), CountOf(1411)));

        int CountOf(int id) => room.Log.Lines.Count(line => line.Id == id);

        async Task FailAsync()
        {
            var connection = foreign.Network.ConnectionTo(silo.Silo);
            room.Time.Advance(brief);
            await connection.Completion;
        }
    }

    [Fact]
    public async Task A_peer_that_was_declared_dead_can_be_kept_out()
    {
        await using var room = new Room("memory");
        var silo = await room.SiloAsync(options: new NetworkOptions { Refuse = static peer => peer.Client == "dead" ? "it was declared dead" : null });
        await AssertRefusedAsync(room, room.Client("dead"), silo.Silo, EndKind.Refused, "declared dead");
        Assert.True(await room.Client("alive").Network.ConnectionTo(silo.Silo).Opened);
    }

    [Fact]
    public async Task One_that_could_not_be_reached_is_left_alone_longer_each_time()
    {
        await using var room = new Room("memory");
        var options = new NetworkOptions { FirstBackOff = TimeSpan.FromSeconds(1), MaxBackOff = TimeSpan.FromSeconds(3) };
        var client = room.Client(options: options);
        var nobody = SiloAddress.New(room.NewOrigin(), 1);
        await client.Network.ConnectionTo(nobody).Completion;
        var step = TimeSpan.FromMilliseconds(10);
        foreach (var (atLeast, atMost) in new[] { (0.5, 1.0), (1.0, 2.0), (1.5, 3.0), (1.5, 3.0) })
        {
            var from = room.Time.GetTimestamp();
            var connection = client.Network.ConnectionTo(nobody);
            Assert.Same(connection, client.Network.ConnectionTo(nobody));
            Assert.Equal(SendResult.Accepted, connection.Request(1));
            while (!connection.Completion.IsCompleted && room.Time.GetElapsedTime(from) < TimeSpan.FromSeconds(atMost))
            {
                room.Time.Advance(step);
            }

            Assert.InRange(room.Time.GetElapsedTime(from).TotalSeconds, atLeast, atMost);
            await connection.Completion;
            Assert.True((await client.Receiver.UnsettledAsync()).NeverSent);
        }
    }

    [Fact]
    public async Task Calls_that_come_back_may_be_sent_again_at_once_without_a_storm_of_attempts()
    {
        await using var room = new Room("memory");
        var nobody = SiloAddress.New(room.NewOrigin(), 1);
        var returned = 0;
        PeerNetwork? network = null;
        var first = new TaskCompletionSource();
        var retrying = new RetryingReceiver(() =>
        {
            Send(network!, nobody, Interlocked.Increment(ref returned) + 1);
            first.TrySetResult();
        });
        await using var closing = network = new PeerNetwork("blue", room.TransportFrom(room.NewOrigin()), retrying, new NetworkOptions(), room.Time, room.Log);
        network.Start(PeerIdentity.OfClient("retrying"));
        Send(network, nobody, 1);
        for (var i = 0; i < 10; i++)
        {
            room.Time.Advance(TimeSpan.FromMilliseconds(70));
        }

        // At 50 to 100 ms, 100 to 200 ms after that, and so on.
        Assert.InRange(Volatile.Read(ref returned), 0, 3);
        await room.AdvanceUntilAsync(first.Task, TimeSpan.FromMilliseconds(1));
    }

    [Fact]
    public async Task A_broken_connection_is_opened_again_on_the_next_use()
    {
        await using var room = new Room("memory");
        var silo = await room.SiloAsync();
        var here = room.NewOrigin();
        var client = room.Client(from: here);
        var first = client.Network.ConnectionTo(silo.Silo);
        Assert.True(await first.Opened);
        room.Memory.Break(here, silo.Silo.Endpoint);
        Assert.Equal(EndKind.Lost, (await client.Receiver.EndAsync()).Kind);
        await first.Completion;
        room.Memory.Heal(here, silo.Silo.Endpoint);

        Send(client.Network, silo.Silo, 2);
        room.Time.Advance(TimeSpan.FromMilliseconds(100));
        Assert.Equal((FrameKind.Response, 2L), Head(await client.Receiver.FrameAsync()));
    }

    [Fact]
    public async Task A_cut_that_is_only_silence_is_noticed_on_both_sides()
    {
        await using var room = new Room("memory");
        var silo = await room.SiloAsync();
        var here = room.NewOrigin();
        var client = room.Client(from: here);
        Send(client.Network, silo.Silo, 1);
        await client.Receiver.FrameAsync();
        room.Memory.Silence(here, silo.Silo.Endpoint);
        Send(client.Network, silo.Silo, 2);
        for (var i = 0; i < 7; i++)
        {
            room.Time.Advance(TimeSpan.FromSeconds(2));
        }

        Assert.Equal(EndKind.Silent, (await client.Receiver.EndAsync()).Kind);
        Assert.Equal(EndKind.Silent, (await silo.Receiver.EndAsync()).Kind);
        Assert.Equal(2, (await client.Receiver.UnsettledAsync()).Correlation);

        // Nor can it be opened again.
        var again = client.Network.ConnectionTo(silo.Silo);
        await room.AdvanceUntilAsync(again.Completion, TimeSpan.FromSeconds(1));
        Assert.Equal(EndKind.Unreachable, (await client.Receiver.EndAsync()).Kind);
    }

    [Fact]
    public async Task A_newer_connection_of_a_client_takes_the_place_of_the_one_before()
    {
        await using var room = new Room("memory");
        var silo = await room.SiloAsync();
        var (first, second) = (room.Client("same"), room.Client("same"));
        Assert.True(await first.Network.ConnectionTo(silo.Silo).Opened);
        Send(first.Network, silo.Silo, 1);
        await first.Receiver.FrameAsync();
        Send(second.Network, silo.Silo, 2);
        await second.Receiver.FrameAsync();
        Assert.Equal(EndKind.Superseded, (await silo.Receiver.EndAsync()).Kind);
        Assert.Equal(EndKind.Lost, (await first.Receiver.EndAsync()).Kind);
        Assert.NotNull(silo.Network.ConnectionOf(second.Self));
    }

    [Fact]
    public async Task A_silo_that_is_declared_dead_is_disconnected_also_while_it_is_being_reached()
    {
        await using var room = new Room("memory");
        var (a, b) = (await room.SiloAsync(), await room.SiloAsync());
        Send(a.Network, b.Silo, 1);
        Send(b.Network, a.Silo, 1);
        Frame frame;
        while ((frame = await a.Receiver.FrameAsync()).Kind != FrameKind.Response)
        {
            Assert.Equal(FrameKind.Request, frame.Kind);
        }

        Assert.True(await b.Network.ConnectionTo(a.Silo).Opened);
        a.Network.Disconnect(b.Silo, "it was declared dead");
        Assert.Equal(EndKind.Closed, (await a.Receiver.EndAsync()).Kind);

        var waiting = a.Network.ConnectionTo(b.Silo);
        Send(waiting, 3);
        a.Network.Disconnect(b.Silo, "it was declared dead");
        Assert.False(await waiting.Opened);
        Assert.Equal(3, (await a.Receiver.UnsettledAsync()).Correlation);
    }

    [Theory]
    [InlineData("memory")]
    [InlineData("tcp")]
    [InlineData("tls")]
    public async Task Draining_waits_for_the_answers_on_both_sides(string transport)
    {
        await using var room = new Room(transport);
        var (silo, client) = (await room.SiloAsync(), room.Client());
        PeerConnection? from = null;
        silo.Receiver.Handle = (connection, frame) => from = frame.Kind == FrameKind.Request ? connection : from;
        client.Receiver.Handle = static (_, _) => { };
        var connection = client.Network.ConnectionTo(silo.Silo);
        Send(connection, 1);
        await silo.Receiver.FrameAsync();
        Send(from!, 2);
        await client.Receiver.FrameAsync();

        var draining = silo.Network.DrainAsync(TimeSpan.FromSeconds(30));
        connection.Send(FrameKind.Response, 2, new BytesBody(Body));
        Assert.Equal((FrameKind.Response, 2L), Head(await silo.Receiver.FrameAsync()));
        Assert.False(draining.IsCompleted);
        Assert.Empty(silo.Receiver.Ends);
        from!.Send(FrameKind.Response, 1, new BytesBody(Body));
        await draining;
        await connection.Completion;

        Assert.Equal((FrameKind.Response, 1L), Head(await client.Receiver.FrameAsync()));
        Assert.Equal(EndKind.Goodbye, (await silo.Receiver.EndAsync()).Kind);
        Assert.Equal(EndKind.Goodbye, (await client.Receiver.EndAsync()).Kind);
        Assert.Empty(client.Receiver.Unsettled);
        Assert.Equal(SendResult.Ended, silo.Network.ConnectionTo(client.Silo).Request(1));
    }

    [Theory]
    [InlineData("memory")]
    [InlineData("tcp")]
    public async Task Draining_lets_calls_out_that_wait_for_their_connection(string transport)
    {
        await using var room = new Room(transport);
        var (silo, client) = (await room.SiloAsync(), room.Client());
        silo.Receiver.Handle = Receiver.Echo;
        Send(client.Network, silo.Silo, 1);
        await client.Network.DrainAsync(TimeSpan.FromSeconds(30));

        Assert.Equal((FrameKind.Response, 1L), Head(await client.Receiver.FrameAsync()));
        Assert.Empty(client.Receiver.Unsettled);
    }

    [Fact]
    public async Task Draining_has_a_limit()
    {
        await using var room = new Room("memory");
        // However much time passes until the limit is noticed, nobody is held for lost because of it.
        var options = new NetworkOptions { SilenceTimeout = TimeSpan.FromDays(10_000) };
        var (silo, client) = (await room.SiloAsync(options: options), room.Client(options: options));
        silo.Receiver.Handle = static (_, _) => { };
        Send(client.Network, silo.Silo, 1);
        await silo.Receiver.FrameAsync();
        var draining = silo.Network.DrainAsync(TimeSpan.FromSeconds(5));
        await room.AdvanceUntilAsync(draining, TimeSpan.FromSeconds(5));
        Assert.Equal(EndKind.Closed, (await silo.Receiver.EndAsync()).Kind);
        Assert.Equal(1, (await client.Receiver.UnsettledAsync()).Correlation);
        Assert.Contains(room.Log.Lines, static line => line.Id == 1413);
    }

    [Fact]
    public async Task Closing_settles_what_is_open_and_what_is_being_opened()
    {
        await using var room = new Room("memory");
        var (silo, client) = (await room.SiloAsync(), room.Client());
        silo.Receiver.Handle = static (_, _) => { };
        Send(client.Network, silo.Silo, 1);
        await silo.Receiver.FrameAsync();
        var nobody = SiloAddress.New(room.NewOrigin(), 1);
        room.Memory.Silence(nobody.Endpoint, silo.Silo.Endpoint);
        await client.Network.ConnectionTo(nobody).Completion;
        Send(client.Network, nobody, 2);
        await client.Network.DisposeAsync();
        Assert.Equal([1L, 2L], client.Receiver.Unsettled.Select(static frame => frame.Correlation).Order());
        Assert.Empty(client.Network.Connections);
        Assert.Equal(SendResult.Ended, client.Network.ConnectionTo(silo.Silo).Request(3));
        Assert.DoesNotContain(room.Log.Lines, static line => line.Level >= LogLevel.Error);
    }

    private static async Task AssertRefusedAsync(Room room, Room.Peer from, SiloAddress to, EndKind kind, string reason)
    {
        Send(from.Network, to, 1);
        var end = await from.Receiver.EndAsync();
        Assert.Equal(kind, end.Kind);
        Assert.Contains(reason, end.Reason, StringComparison.Ordinal);

        // The first attempt may have failed before the call was there; then it waits for the second.
        var returned = from.Receiver.UnsettledAsync().AsTask();
        await room.AdvanceUntilAsync(returned, TimeSpan.FromMilliseconds(1));
        Assert.True((await returned).NeverSent);
    }

    private static void Send(PeerNetwork network, SiloAddress to, long correlation) =>
        Assert.Equal(SendResult.Accepted, network.Send(to, FrameKind.Request, correlation, new BytesBody(Body), "call " + correlation));

    private static void Send(PeerConnection connection, long correlation) =>
        Assert.Equal(SendResult.Accepted, connection.Send(FrameKind.Request, correlation, new BytesBody(Body), "call " + correlation));

    private static (FrameKind Kind, long Correlation) Head(Frame frame) => (frame.Kind, frame.Correlation);

    private sealed class RetryingReceiver(Action retry) : IFrameReceiver
    {
        public void OnFrame(PeerConnection connection, in Frame frame)
        {
        }

        public void OnUnsettled(PeerConnection connection, in UnsettledFrame frame, string reason) => retry();

        public void OnEnded(PeerConnection connection, ConnectionEnd end)
        {
        }
    }
}
