using OrleansMqtt.Actors.Networking;
using OrleansMqtt.Actors.Networking.Connections;
using OrleansMqtt.Actors.Networking.Frames;
using OrleansMqtt.Actors.Tests.Networking.Support;

namespace OrleansMqtt.Actors.Tests.Networking.Connections;

public class LivenessTests
{
    private static readonly NetworkOptions Options = new() { PingInterval = TimeSpan.FromSeconds(1), SilenceTimeout = TimeSpan.FromSeconds(3) };

    [Fact]
    public async Task A_silent_peer_is_pinged_then_given_up()
    {
        var receiver = new Receiver();
        var (connection, peer) = await Wire.OpenRawAsync(receiver, Options);
        connection.Request(1);
        Assert.Equal(FrameKind.Request, (await peer.ReadAsync()).Kind);
        connection.Tick();
        connection.OneWay(2);
        Assert.Equal(FrameKind.OneWay, (await peer.ReadAsync()).Kind);
        connection.Tick();
        Assert.Equal(FrameKind.Ping, (await peer.ReadAsync()).Kind);
        connection.Tick();
        Assert.Empty(receiver.Ends);
        connection.Tick();
        Assert.Equal(EndKind.Silent, (await receiver.EndAsync()).Kind);
        var unsettled = Assert.Single(receiver.Unsettled);
        Assert.False(unsettled.NeverSent);
    }

    [Fact]
    public async Task Any_byte_is_a_sign_of_life()
    {
        var receiver = new Receiver();
        var (connection, peer) = await Wire.OpenRawAsync(receiver, Options);
        for (var i = 0; i < 10; i++)
        {
            connection.Tick();
            connection.Tick();
            Assert.Equal(FrameKind.Ping, (await peer.ReadAsync()).Kind);
            await peer.WriteAsync(FrameKind.Pong);
            await peer.WriteAsync(FrameKind.OneWay, i);
            await receiver.FrameAsync();
        }

        Assert.Empty(receiver.Ends);
    }

    [Fact]
    public async Task A_ping_is_answered()
    {
        var (_, peer) = await Wire.OpenRawAsync(new Receiver());
        await peer.WriteAsync(FrameKind.Ping);
        Assert.Equal(FrameKind.Pong, (await peer.ReadAsync()).Kind);
    }
}
