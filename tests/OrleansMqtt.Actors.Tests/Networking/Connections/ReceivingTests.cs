using OrleansMqtt.Actors.Networking;
using OrleansMqtt.Actors.Networking.Connections;
using OrleansMqtt.Actors.Networking.Frames;
using OrleansMqtt.Actors.Tests.Networking.Support;

namespace OrleansMqtt.Actors.Tests.Networking.Connections;

public class ReceivingTests
{
    [Fact]
    public async Task Frames_in_pieces_arrive_whole_and_in_order()
    {
        var receiver = new Receiver();
        var (_, peer) = await Wire.OpenRawAsync(receiver);
        byte[] bytes = [.. RawPeer.Bytes(FrameKind.OneWay, 1, new byte[3]), .. RawPeer.Bytes(FrameKind.OneWay, 2, []), .. RawPeer.Bytes(FrameKind.Request, 3, new byte[9])];
        foreach (var one in bytes)
        {
            await peer.WriteAsync(new[] { one });
        }

        Assert.Equal((1L, 3), Shape(await receiver.FrameAsync()));
        Assert.Equal((2L, 0), Shape(await receiver.FrameAsync()));
        Assert.Equal((3L, 9), Shape(await receiver.FrameAsync()));
    }

    [Fact]
    public async Task A_body_larger_than_all_pipes_arrives()
    {
        var (near, far) = await Wire.ConnectAsync();
        var receiver = new Receiver();
        Wire.Open(far, receiver);
        var body = new byte[3_000_000];
        new Random(1).NextBytes(body);
        Wire.Open(near, new Receiver()).Send(FrameKind.OneWay, 1, new BytesBody(body));
        Assert.Equal(body, (await receiver.FrameAsync()).Body.ToArray());
    }

    [Fact]
    public async Task A_connection_cut_at_any_byte_of_a_frame_is_lost()
    {
        var bytes = RawPeer.Bytes(FrameKind.OneWay, 1, new byte[5]);
        for (var cut = 0; cut <= bytes.Length; cut++)
        {
            var receiver = new Receiver();
            var (connection, peer) = await Wire.OpenRawAsync(receiver);
            await peer.WriteAsync(bytes.AsMemory(0, cut));
            await peer.Connection.DisposeAsync();
            var end = await receiver.EndAsync();
            await connection.Completion;
            Assert.Equal(EndKind.Lost, end.Kind);
            Assert.Equal(cut is > 0 and < 18, end.Reason.Contains("within a frame", StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData(FrameKind.Ping, 1)]
    [InlineData((FrameKind)99, 0)]
    [InlineData(FrameKind.Request, 101)]
    internal async Task What_is_no_frame_ends_the_connection(FrameKind kind, int length)
    {
        var receiver = new Receiver();
        var (connection, peer) = await Wire.OpenRawAsync(receiver, new NetworkOptions { MaxBodyBytes = 100 });
        await peer.WriteAsync(RawPeer.Bytes(FrameKind.OneWay, 5, []));
        await peer.WriteAsync(kind, 0, length);
        Assert.Equal(5, (await receiver.FrameAsync()).Correlation);
        Assert.Equal(EndKind.Invalid, (await receiver.EndAsync()).Kind);
        Assert.Equal(SendResult.Ended, connection.OneWay(1));
    }

    [Fact]
    public async Task A_receiver_that_fails_ends_the_connection_and_no_other()
    {
        var receiver = new Receiver { Handle = static (_, _) => throw new InvalidOperationException("bug") };
        var (_, peer) = await Wire.OpenRawAsync(receiver);
        await peer.WriteAsync(FrameKind.OneWay);
        var end = await receiver.EndAsync();
        Assert.Equal(EndKind.Invalid, end.Kind);
        Assert.Contains("bug", end.Reason);
    }

    private static (long Correlation, int Length) Shape(Frame frame) => (frame.Correlation, frame.Body.Length);
}
