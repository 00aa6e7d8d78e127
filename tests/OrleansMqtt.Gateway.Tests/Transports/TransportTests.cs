using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Connections;
using OrleansMqtt.Gateway.Hosting;

namespace OrleansMqtt.Gateway.Tests.Transports;

/// <summary>What the connection code relies on, whichever transport runs.</summary>
public sealed class TransportTests
{
    public static TheoryData<SocketEngine> Engines => OperatingSystem.IsLinux() ? [SocketEngine.Kestrel, SocketEngine.Epoll] : [SocketEngine.Kestrel];

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task What_is_not_examined_comes_again_at_once_and_what_is_waits_for_more(SocketEngine engine)
    {
        await using var pair = await TransportPair.OpenAsync(engine);
        await pair.SendAsync("abc");
        var read = await pair.ReadAsync(3);
        pair.Input.AdvanceTo(read.Start, read.Start);
        Assert.Equal("abc", Text((await pair.Input.ReadAsync(Guard)).Buffer));
        pair.Input.AdvanceTo(read.GetPosition(1), read.End);
        var more = pair.Input.ReadAsync(Guard);
        Assert.False(more.IsCompleted);

        await pair.SendAsync("d");

        Assert.Equal("bcd", Text((await more).Buffer));
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task A_packet_larger_than_any_buffer_arrives_whole(SocketEngine engine)
    {
        await using var pair = await TransportPair.OpenAsync(engine);
        var sent = Bytes(3_000_000);
        var sending = pair.SendAsync(sent);

        var received = await pair.ReadAsync(sent.Length);

        Assert.True(received.ToArray().AsSpan().SequenceEqual(sent));
        await sending;
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task A_flush_waits_for_a_peer_that_does_not_read_and_nothing_is_lost(SocketEngine engine)
    {
        await using var pair = await TransportPair.OpenAsync(engine);
        var sent = Bytes(32_000_000);
        var flush = WriteAsync(pair.Output, sent);
        Assert.False(flush.IsCompleted);

        var received = new byte[sent.Length];
        await pair.Peer.ReadExactlyAsync(received, Guard);

        Assert.False((await flush).IsCompleted);
        Assert.True(received.AsSpan().SequenceEqual(sent));
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task The_end_of_the_stream_comes_after_the_last_bytes(SocketEngine engine)
    {
        await using var pair = await TransportPair.OpenAsync(engine);
        await pair.SendAsync("last");
        pair.Peer.Socket.Shutdown(SocketShutdown.Send);

        var read = await pair.ReadAsync(4);
        pair.Input.AdvanceTo(read.End);
        var end = await pair.Input.ReadAsync(Guard);

        Assert.Equal((true, true), (end.IsCompleted, end.Buffer.IsEmpty));
        // The other way is still open.
        await WriteAsync(pair.Output, "answer"u8.ToArray());
        var answer = new byte[6];
        await pair.Peer.ReadExactlyAsync(answer, Guard);
        Assert.Equal("answer"u8, answer);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task A_reset_ends_reading(SocketEngine engine)
    {
        await using var pair = await TransportPair.OpenAsync(engine);
        var read = pair.Input.ReadAsync(Guard).AsTask();
        pair.Peer.Socket.LingerState = new LingerOption(true, 0);
        pair.Peer.Socket.Close();

        await Assert.ThrowsAsync<ConnectionResetException>(() => read);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task A_read_is_canceled_while_it_waits_or_before_it_begins(SocketEngine engine)
    {
        await using var pair = await TransportPair.OpenAsync(engine);
        var waiting = pair.Input.ReadAsync(Guard);
        pair.Input.CancelPendingRead();
        Assert.True((await waiting).IsCanceled);

        pair.Input.CancelPendingRead();
        Assert.True((await pair.Input.ReadAsync(Guard)).IsCanceled);

        await pair.SendAsync("x");
        var next = await pair.Input.ReadAsync(Guard);
        Assert.Equal((false, 1), (next.IsCanceled, next.Buffer.Length));
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task An_abort_ends_what_waits_in_both_directions(SocketEngine engine)
    {
        await using var pair = await TransportPair.OpenAsync(engine);
        var read = pair.Input.ReadAsync(Guard).AsTask();
        var flush = WriteAsync(pair.Output, Bytes(32_000_000));

        pair.Server.Abort();

        await Task.WhenAny(read);
        Assert.True(!read.IsCompletedSuccessfully || (await read).IsCompleted);
        Assert.True((await flush).IsCompleted);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task A_disposed_connection_is_closed_towards_its_peer(SocketEngine engine)
    {
        await using var pair = await TransportPair.OpenAsync(engine);
        await WriteAsync(pair.Output, "bye"u8.ToArray());
        await pair.Input.CompleteAsync();
        await pair.Output.CompleteAsync();

        await pair.Server.DisposeAsync();

        var rest = new byte[4];
        Assert.Equal(3, await pair.Peer.ReadAtLeastAsync(rest, 4, throwOnEndOfStream: false, Guard));
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Many_connections_each_get_their_own_bytes_back(SocketEngine engine)
    {
        await using var listening = await TransportPair.ListenAsync(engine, new IPEndPoint(IPAddress.Loopback, 0));
        var echoing = listening.EchoAllAsync();
        await Parallel.ForEachAsync(Enumerable.Range(0, 64), Guard, async (n, guard) =>
        {
            await using var peer = await TransportPair.ConnectAsync(listening.EndPoint);
            var (sent, received) = (Bytes(500_000, n), new byte[500_000]);
            var sending = peer.WriteAsync(sent, guard);
            await peer.ReadExactlyAsync(received, guard);
            await sending;
            Assert.True(received.AsSpan().SequenceEqual(sent));
        });
        await listening.Listener.UnbindAsync(Guard);

        await echoing;
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task An_address_in_use_is_refused_by_name(SocketEngine engine)
    {
        await using var first = await TransportPair.ListenAsync(engine, new IPEndPoint(IPAddress.Loopback, 0));

        await Assert.ThrowsAsync<AddressInUseException>(() => TransportPair.ListenAsync(engine, first.EndPoint));
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Addresses_are_known(SocketEngine engine)
    {
        await using var pair = await TransportPair.OpenAsync(engine);

        Assert.Equal(pair.Peer.Socket.LocalEndPoint, pair.Server.RemoteEndPoint);
        Assert.Equal(pair.Peer.Socket.RemoteEndPoint, pair.Server.LocalEndPoint);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Unix_sockets_work_as_TCP_does(SocketEngine engine)
    {
        var path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.sock");
        await using var pair = await TransportPair.OpenAsync(engine, new UnixDomainSocketEndPoint(path));
        await pair.SendAsync("abc");
        Assert.Equal("abc", Text(await pair.ReadAsync(3)));
    }

    private static CancellationToken Guard => TestContext.Current.CancellationToken;

    private static string Text(in ReadOnlySequence<byte> bytes) => Encoding.ASCII.GetString(bytes);

    private static byte[] Bytes(int count, int seed = 1)
    {
        var bytes = new byte[count];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    private static async Task<FlushResult> WriteAsync(PipeWriter output, byte[] bytes) => await output.WriteAsync(bytes, Guard);
}
