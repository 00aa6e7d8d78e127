using System.Buffers;
using System.Buffers.Binary;
using OrleansMqtt.Actors.Networking;
using OrleansMqtt.Actors.Networking.Connections;
using OrleansMqtt.Actors.Networking.Frames;
using OrleansMqtt.Actors.Networking.Transports;
using OrleansMqtt.Actors.Tests.Networking.Support;

namespace OrleansMqtt.Actors.Tests.Networking.Connections;

public class SendingTests
{
    private static readonly NetworkOptions Narrow = new() { WindowBytes = 100 };

    [Theory]
    [InlineData(1)]
    [InlineData(1_000)]
    [InlineData(1_000_000)]
    public async Task Frames_of_each_thread_keep_their_order(long window)
    {
        const int threads = 8, each = 2_000;
        var (near, far) = await Wire.ConnectAsync();
        var last = new int[threads];
        var answered = new CountdownEvent(threads * each / 2);
        var faults = 0;
        Wire.Open(far, new Receiver
        {
            Handle = (connection, frame) =>
            {
                var thread = BinaryPrimitives.ReadInt32LittleEndian(frame.Body.Span);
                var number = BinaryPrimitives.ReadInt32LittleEndian(frame.Body.Span[4..]);
                faults += number == ++last[thread] ? 0 : 1;
                Receiver.Echo(connection, frame);
            },
        });
        var sender = Wire.Open(near, new Receiver { Handle = (_, _) => answered.Signal() }, new NetworkOptions { WindowBytes = window });

        var running = Enumerable.Range(0, threads).Select(thread => Task.Factory.StartNew(
            () =>
            {
                for (var i = 1; i <= each; i++)
                {
                    var kind = i % 2 == 0 ? FrameKind.Request : FrameKind.OneWay;
                    Assert.Equal(SendResult.Accepted, sender.Send(kind, (thread * each) + i, new NumberBody(thread, i)));
                }
            },
            TaskCreationOptions.LongRunning)).ToArray();
        await Task.WhenAll(running);
        await Task.Run(() => answered.Wait(TestContext.Current.CancellationToken), TestContext.Current.CancellationToken);

        Assert.Equal(0, faults);
        Assert.All(last, static number => Assert.Equal(each, number));
    }

    [Fact]
    public async Task What_is_sent_during_a_flush_goes_with_the_next_one()
    {
        var (near, far) = await Wire.ConnectAsync();
        var gate = new GatedWriter(near.Transport.Output);
        near.Transport = new DuplexPipe(near.Transport.Input, gate);
        var sender = Wire.Open(near, new Receiver());
        sender.OneWay(0);
        await gate.StartedAsync();
        for (var i = 1; i <= 100; i++)
        {
            Assert.Equal(SendResult.Accepted, sender.OneWay(i));
        }

        gate.LetGo();
        await gate.StartedAsync();
        gate.LetGo();
        var peer = new RawPeer(far);
        for (var i = 0; i <= 100; i++)
        {
            Assert.Equal(i, (await peer.ReadAsync()).Correlation);
        }
    }

    [Fact]
    public async Task Requests_beyond_the_window_wait_for_answers_and_answers_pass_them()
    {
        var receiver = new Receiver { Handle = Receiver.Echo };
        var (connection, peer) = await Wire.OpenRawAsync(receiver, Narrow);
        for (var i = 1; i <= 4; i++)
        {
            Assert.Equal(SendResult.Accepted, connection.Request(i, 50));
        }

        Assert.Equal(1, (await peer.ReadAsync()).Correlation);
        Assert.Equal(2, (await peer.ReadAsync()).Correlation);
        await peer.WriteAsync(FrameKind.Request, 77, 1_000);
        Assert.Equal((FrameKind.Response, 77L), Head(await peer.ReadAsync()));

        await peer.WriteAsync(FrameKind.Response, 2);
        Assert.Equal((FrameKind.Request, 3L), Head(await peer.ReadAsync()));
        await peer.WriteAsync(FrameKind.Ping);
        Assert.Equal(FrameKind.Pong, (await peer.ReadAsync()).Kind);
        await peer.WriteAsync(FrameKind.Failure, 1);
        Assert.Equal((FrameKind.Request, 4L), Head(await peer.ReadAsync()));
    }

    [Fact]
    public async Task A_request_larger_than_the_window_goes_when_it_is_alone()
    {
        var (connection, peer) = await Wire.OpenRawAsync(new Receiver(), Narrow);
        connection.Request(1, 5_000);
        connection.Request(2, 5_000);
        Assert.Equal(5_000, (await peer.ReadAsync()).Body.Length);
        await peer.WriteAsync(FrameKind.Response, 1);
        Assert.Equal(5_000, (await peer.ReadAsync()).Body.Length);
    }

    [Fact]
    public async Task An_abandoned_request_frees_its_place_whether_sent_or_waiting()
    {
        var (connection, peer) = await Wire.OpenRawAsync(new Receiver(), Narrow);
        for (var i = 1; i <= 5; i++)
        {
            connection.Request(i, 50);
        }

        Assert.True(connection.Abandon(3));
        Assert.True(connection.Abandon(1));
        Assert.False(connection.Abandon(1));
        Assert.Equal(1, (await peer.ReadAsync()).Correlation);
        Assert.Equal(2, (await peer.ReadAsync()).Correlation);
        Assert.Equal(4, (await peer.ReadAsync()).Correlation);
    }

    [Fact]
    public async Task An_answer_of_an_abandoned_unknown_or_waiting_request_reaches_nobody()
    {
        var receiver = new Receiver();
        var (connection, peer) = await Wire.OpenRawAsync(receiver, Narrow);
        connection.Request(1, 100);
        connection.Request(2, 100);
        connection.Request(3, 100);
        connection.Abandon(1);
        foreach (var correlation in new[] { 1, 9, 3, 2 })
        {
            await peer.WriteAsync(FrameKind.Response, correlation);
        }

        var answer = await receiver.FrameAsync();
        Assert.Equal((2L, (object)2L), (answer.Correlation, answer.Request));
    }

    [Fact]
    public async Task To_a_peer_that_stops_reading_only_so_much_is_taken()
    {
        var (near, _) = await Wire.ConnectAsync();
        var gate = new GatedWriter(near.Transport.Output);
        near.Transport = new DuplexPipe(near.Transport.Input, gate);
        var receiver = new Receiver();
        var connection = Wire.Open(near, receiver, new NetworkOptions { WindowBytes = 10_000, QueueBytes = 50_000 });
        var accepted = 0;
        while (connection.OneWay(accepted, 1_000) == SendResult.Accepted)
        {
            accepted++;
            Assert.InRange(accepted, 0, 1_000);
        }

        // One with the transport, ten gathered, the rest waits.
        Assert.Equal(1 + 10 + 49, accepted);
        Assert.Equal(SendResult.QueueFull, connection.Request(1, 1_000));
        connection.End(EndKind.Closed, "enough");
        gate.LetGo();
        await connection.Completion;
        Assert.Equal(Enumerable.Range(11, 49).Select(static i => (long)i), receiver.Unsettled.Select(static frame => frame.Correlation));
        Assert.All(receiver.Unsettled, static frame => Assert.True(frame.NeverSent));
    }

    [Fact]
    public async Task A_peer_that_leaves_too_many_answers_unread_loses_the_connection()
    {
        var receiver = new Receiver
        {
            Handle = static (connection, frame) => connection.Send(FrameKind.Response, frame.Correlation, new BytesBody(new byte[100_000])),
        };
        var (_, peer) = await Wire.OpenRawAsync(receiver, new NetworkOptions { UnreadBytes = 300_000 });
        for (var i = 0; i < 20; i++)
        {
            await peer.WriteAsync(FrameKind.Request, i);
        }

        Assert.Equal(EndKind.Unread, (await receiver.EndAsync()).Kind);
    }

    [Fact]
    public async Task A_body_that_is_too_long_or_fails_harms_no_other_frame()
    {
        var (connection, peer) = await Wire.OpenRawAsync(new Receiver(), new NetworkOptions { MaxBodyBytes = 100 });
        var waiting = Wire.New(new Receiver(), new NetworkOptions { MaxBodyBytes = 100 });
        foreach (var one in new[] { connection, waiting })
        {
            Assert.Equal(SendResult.TooLong, one.Request(1, 101));
            Assert.Throws<InvalidDataException>(() => one.Send(FrameKind.Request, 1, default(FailingBody)));
            Assert.Equal(SendResult.Accepted, one.Request(1, 100));
        }

        Assert.Equal(100, (await peer.ReadAsync()).Body.Length);
    }

    [Fact]
    public async Task Mistakes_of_the_sender_are_exceptions()
    {
        var (connection, _) = await Wire.OpenRawAsync(new Receiver());
        connection.Request(1);
        Assert.Throws<ArgumentException>(() => connection.Request(1));
        Assert.Throws<ArgumentOutOfRangeException>(() => connection.Send(FrameKind.Ping, 0, new BytesBody(default)));
        Assert.Throws<InvalidOperationException>(() => connection.Send(FrameKind.Response, 1, new BytesBody(default)));
        Assert.Throws<InvalidOperationException>(() => connection.Send(FrameKind.OneWay, 2, new NestedBody(connection)));
    }

    private static (FrameKind Kind, long Correlation) Head(Frame frame) => (frame.Kind, frame.Correlation);

    private readonly struct NumberBody(int thread, int number) : IFrameBody
    {
        public void Write(IBufferWriter<byte> output)
        {
            BinaryPrimitives.WriteInt32LittleEndian(output.GetSpan(8), thread);
            BinaryPrimitives.WriteInt32LittleEndian(output.GetSpan(8)[4..], number);
            output.Advance(8);
        }
    }

    private readonly struct FailingBody : IFrameBody
    {
        public void Write(IBufferWriter<byte> output)
        {
            output.Write(new byte[50]);
            throw new InvalidDataException("A value cannot be written.");
        }
    }

    private readonly struct NestedBody(PeerConnection connection) : IFrameBody
    {
        public void Write(IBufferWriter<byte> output) => connection.OneWay(3);
    }
}
