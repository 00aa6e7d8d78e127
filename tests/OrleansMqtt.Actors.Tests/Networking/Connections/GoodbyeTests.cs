using OrleansMqtt.Actors.Networking;
using OrleansMqtt.Actors.Networking.Connections;
using OrleansMqtt.Actors.Networking.Frames;
using OrleansMqtt.Actors.Tests.Networking.Support;

namespace OrleansMqtt.Actors.Tests.Networking.Connections;

public class GoodbyeTests
{
    [Fact]
    public async Task It_is_answered_and_the_connection_ends_when_both_sides_have_their_answers()
    {
        var receiver = new Receiver();
        var (connection, peer) = await Wire.OpenRawAsync(receiver);
        connection.Request(1);
        await peer.ReadAsync();
        await peer.WriteAsync(FrameKind.Request, 50);
        await receiver.FrameAsync();

        connection.SayGoodbye();
        Assert.Equal(FrameKind.Goodbye, (await peer.ReadAsync()).Kind);
        Assert.Equal(SendResult.Leaving, connection.Request(2));
        Assert.False(connection.TakesCalls);

        // One that crossed the goodbye.
        await peer.WriteAsync(FrameKind.Request, 51);
        await peer.WriteAsync(FrameKind.Goodbye);
        Assert.Equal(51, (await receiver.FrameAsync()).Correlation);
        Assert.Equal(SendResult.Accepted, connection.Send(FrameKind.Response, 51, new BytesBody(default)));
        Assert.Equal(51, (await peer.ReadAsync()).Correlation);
        await peer.WriteAsync(FrameKind.Response, 1);
        Assert.Equal(1, (await receiver.FrameAsync()).Correlation);
        Assert.Empty(receiver.Ends);

        connection.Send(FrameKind.Response, 50, new BytesBody(default));
        Assert.Equal(RawPeer.Bytes(FrameKind.Response, 50, []), await peer.ReadToEndAsync());
        Assert.Equal(EndKind.Goodbye, (await receiver.EndAsync()).Kind);
        Assert.Empty(receiver.Unsettled);
    }

    [Fact]
    public async Task Calls_that_wait_come_back_at_once()
    {
        var receiver = new Receiver();
        var (connection, peer) = await Wire.OpenRawAsync(receiver, new NetworkOptions { WindowBytes = 1 });
        connection.Request(1);
        connection.Request(2);
        connection.OneWay(3);
        Assert.Equal(1, (await peer.ReadAsync()).Correlation);
        await peer.WriteAsync(FrameKind.Goodbye);
        Assert.Equal(FrameKind.Goodbye, (await peer.ReadAsync()).Kind);
        Assert.Equal(new UnsettledFrame(FrameKind.Request, 2, 2L, true), await receiver.UnsettledAsync());
        Assert.Equal(new UnsettledFrame(FrameKind.OneWay, 3, 3L, true), await receiver.UnsettledAsync());
        Assert.Empty(receiver.Ends);
        await peer.WriteAsync(FrameKind.Response, 1);
        Assert.Equal(EndKind.Goodbye, (await receiver.EndAsync()).Kind);
    }

    [Fact]
    public async Task Both_may_say_it_at_once()
    {
        var (near, far) = await Wire.ConnectAsync();
        var (one, other) = (new Receiver(), new Receiver());
        var (a, b) = (Wire.Open(near, one), Wire.Open(far, other));
        a.SayGoodbye();
        b.SayGoodbye();
        await a.Completion;
        await b.Completion;
        Assert.Equal(EndKind.Goodbye, Assert.Single(one.Ends).Kind);
        Assert.Equal(EndKind.Goodbye, Assert.Single(other.Ends).Kind);
    }

    [Fact]
    public async Task A_call_after_it_is_a_breach()
    {
        var receiver = new Receiver();
        var (connection, peer) = await Wire.OpenRawAsync(receiver);
        connection.Request(1);
        await peer.WriteAsync(FrameKind.Goodbye);
        await peer.WriteAsync(FrameKind.OneWay);
        Assert.Equal(EndKind.Invalid, (await receiver.EndAsync()).Kind);
    }
}
