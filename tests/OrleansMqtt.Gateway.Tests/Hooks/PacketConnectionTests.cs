using System.Buffers;
using System.Collections.Concurrent;
using OrleansMqtt.Gateway.Hooks;
using OrleansMqtt.Gateway.Limits;
using OrleansMqtt.Gateway.Tests.Harness;
using OrleansMqtt.Protocol.Codec;
using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.Gateway.Tests.Hooks;

public sealed class PacketConnectionTests
{
    private static readonly byte[] Connect = PacketEncoder.Encode(new ConnectPacket { Version = ProtocolVersion.V50, ClientId = "c", CleanStart = true }, ProtocolVersion.V50);
    private static readonly byte[] Ping = [0xC0, 0x00];
    private static readonly byte[] Publish = PacketEncoder.Encode(new PublishPacket { Topic = "t", Payload = new byte[300] }, ProtocolVersion.V50);

    private static ValueTask<bool> Pass(PacketDirection direction, ReadOnlyMemory<byte> frame, IBufferWriter<byte> onward, CancellationToken ended)
    {
        onward.Write(frame.Span);
        return new(true);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(int.MaxValue)]
    public async Task Whole_packets_are_seen_in_both_directions_however_the_bytes_are_cut(int piece)
    {
        var seen = new ConcurrentQueue<(PacketDirection Direction, string Frame)>();
        await using var tapped = await Tapped.OpenAsync((direction, frame, onward, ended) =>
        {
            seen.Enqueue((direction, Convert.ToHexString(frame.Span)));
            return Pass(direction, frame, onward, ended);
        });
        byte[] packets = [.. Connect, .. Ping, .. Publish];

        foreach (var part in packets.Chunk(piece)) await tapped.Client.Output.WriteAsync(part, TestContext.Current.CancellationToken);
        await tapped.Client.Output.CompleteAsync();
        Assert.Equal(Convert.ToHexString(packets), await Tapped.ReadToEndAsync(tapped.Broker.Input));
        foreach (var part in packets.Chunk(piece)) await tapped.Broker.Output.WriteAsync(part, TestContext.Current.CancellationToken);
        await tapped.Broker.Output.CompleteAsync();
        await tapped.Broker.DisposeAsync();
        Assert.Equal(Convert.ToHexString(packets), await Tapped.ReadToEndAsync(tapped.Client.Input));

        string[] frames = [.. new[] { Connect, Ping, Publish }.Select(Convert.ToHexString)];
        Assert.Equal([.. frames.Select(static frame => (PacketDirection.Received, frame)), .. frames.Select(static frame => (PacketDirection.Sent, frame))], seen);
    }

    [Fact]
    public async Task What_is_written_goes_on_in_a_packets_place_and_what_is_not_does_not()
    {
        await using var tapped = await Tapped.OpenAsync((_, frame, onward, _) =>
        {
            if (frame.Span[0] >> 4 == (int)PacketType.Publish) onward.Write((ReadOnlySpan<byte>)[0xFF, 0xFF, 0xFF]);
            return new(true);
        });
        await tapped.Broker.Output.WriteAsync((byte[])[.. Ping, .. Publish, .. Ping], TestContext.Current.CancellationToken);
        await tapped.Broker.DisposeAsync();

        Assert.Equal("FFFFFF", await Tapped.ReadToEndAsync(tapped.Client.Input));
    }

    [Fact]
    public async Task What_is_no_packet_and_what_is_too_large_passes_unseen_with_all_that_follows()
    {
        foreach (var unseen in new byte[][] { [0x00, 0x00], [0x30, 0xFF, 0xFF, 0xFF, 0xFF, 0x01], Publish })
        {
            var seen = 0;
            await using var tapped = await Tapped.OpenAsync(
                (direction, frame, onward, ended) =>
                {
                    seen++;
                    return Pass(direction, frame, onward, ended);
                },
                new GatewayLimits { MaxPacketBytes = 200 });
            byte[] packets = [.. Connect, .. unseen, .. Ping];
            await tapped.Client.Output.WriteAsync(packets, TestContext.Current.CancellationToken);
            await tapped.Client.Output.CompleteAsync();

            Assert.Equal(Convert.ToHexString(packets), await Tapped.ReadToEndAsync(tapped.Broker.Input));
            Assert.Equal(1, seen);
        }
    }

    [Fact]
    public async Task The_beginning_of_a_packet_passes_when_no_more_comes()
    {
        await using var tapped = await Tapped.OpenAsync(Pass);
        await tapped.Client.Output.WriteAsync(Publish.AsMemory(0, 5), TestContext.Current.CancellationToken);
        await tapped.Client.Output.CompleteAsync();

        Assert.Equal(Convert.ToHexString(Publish.AsSpan(0, 5)), await Tapped.ReadToEndAsync(tapped.Broker.Input));
    }

    [Theory]
    [InlineData(PacketDirection.Received)]
    [InlineData(PacketDirection.Sent)]
    public async Task The_connection_can_be_ended_behind_a_last_word(PacketDirection at)
    {
        await using var tapped = await Tapped.OpenAsync((direction, _, onward, _) =>
        {
            onward.Write("bye"u8);
            return new(direction != at);
        });
        var sender = at == PacketDirection.Received ? tapped.Client.Output : tapped.Broker.Output;
        await sender.WriteAsync((byte[])[.. Ping, .. Ping], TestContext.Current.CancellationToken);

        // Whoever reads on the broker's side hears of it in either case.
        var received = await Tapped.ReadToEndAsync(tapped.Broker.Input);
        await tapped.Broker.DisposeAsync();
        var sent = await Tapped.ReadToEndAsync(tapped.Client.Input);
        Assert.Equal(at == PacketDirection.Received ? ("627965", "") : ("", "627965"), (received, sent));
    }

    [Theory]
    [InlineData(PacketDirection.Received)]
    [InlineData(PacketDirection.Sent)]
    public async Task An_interceptor_that_fails_ends_its_connection(PacketDirection at)
    {
        await using var tapped = await Tapped.OpenAsync(static (_, _, _, _) => throw new InvalidOperationException("a defect"));
        var sender = at == PacketDirection.Received ? tapped.Client.Output : tapped.Broker.Output;
        await sender.WriteAsync(Ping, TestContext.Current.CancellationToken);

        var failure = await Assert.ThrowsAsync<IOException>(() => Tapped.ReadToEndAsync(tapped.Broker.Input));
        Assert.IsType<InvalidOperationException>(failure.InnerException);
    }

    [Fact]
    public async Task One_that_never_returns_holds_up_nothing_but_what_is_behind_it_and_is_left_alone_when_the_connection_ends()
    {
        var waiting = new TaskCompletionSource<CancellationToken>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var tapped = await Tapped.OpenAsync((direction, frame, onward, ended) =>
        {
            if (direction == PacketDirection.Sent || frame.Span[0] != Ping[0]) return Pass(direction, frame, onward, ended);
            waiting.SetResult(ended);
            return new(new TaskCompletionSource<bool>().Task);
        });
        await tapped.Client.Output.WriteAsync((byte[])[.. Connect, .. Ping], TestContext.Current.CancellationToken);
        var token = await waiting.Task.WaitAsync(TestBroker.HangGuard, TestContext.Current.CancellationToken);

        Assert.Equal(Convert.ToHexString(Connect), await Tapped.ReadAsync(tapped.Broker.Input, Connect.Length));
        await tapped.Broker.Output.WriteAsync(Publish, TestContext.Current.CancellationToken);
        Assert.Equal(Convert.ToHexString(Publish), await Tapped.ReadAsync(tapped.Client.Input, Publish.Length));
        await tapped.Broker.DisposeAsync().AsTask().WaitAsync(TestBroker.HangGuard, TestContext.Current.CancellationToken);
        Assert.True(token.IsCancellationRequested);
    }

    [Fact]
    public async Task A_client_that_takes_nothing_holds_the_broker_back()
    {
        await using var tapped = await Tapped.OpenAsync(Pass);
        var (taken, last) = (0, Task.CompletedTask);
        while (last.IsCompleted && taken < 10_000_000)
        {
            last = tapped.Broker.Output.WriteAsync(Publish, TestContext.Current.CancellationToken).AsTask();
            taken += Publish.Length;
        }

        Assert.InRange(taken, 1, 9_999_999);
        tapped.Broker.Abort();
        await last.WaitAsync(TestBroker.HangGuard, TestContext.Current.CancellationToken);
    }
}
