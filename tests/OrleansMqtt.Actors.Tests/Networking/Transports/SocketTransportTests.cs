using System.Buffers;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using OrleansMqtt.Actors.Networking.Transports;

namespace OrleansMqtt.Actors.Tests.Networking.Transports;

public sealed class SocketTransportTests
{
    private static readonly TimeSpan HangGuard = TimeSpan.FromSeconds(30);
    private readonly SocketTransport _transport = new();

    [Fact]
    public async Task What_the_sockets_do_not_hold_arrives_when_somebody_reads()
    {
        var (near, far) = await PairAsync();
        var sent = new byte[32 * 1024 * 1024];
        new Random(7).NextBytes(sent);
        var sending = near.Transport.Output.WriteAsync(sent, TestContext.Current.CancellationToken).AsTask();
        Assert.False(sending.IsCompleted);

        var received = new ArrayBufferWriter<byte>(sent.Length);
        while (received.WrittenCount < sent.Length)
        {
            var result = await far.Transport.Input.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(HangGuard, TestContext.Current.CancellationToken);
            foreach (var segment in result.Buffer)
            {
                received.Write(segment.Span);
            }

            far.Transport.Input.AdvanceTo(result.Buffer.End);
        }

        await sending.WaitAsync(HangGuard, TestContext.Current.CancellationToken);
        Assert.True(received.WrittenSpan.SequenceEqual(sent));
        await near.DisposeAsync();
        await far.DisposeAsync();
    }

    [Fact]
    public async Task The_end_of_one_side_ends_the_reading_of_the_other()
    {
        var (near, far) = await PairAsync();
        await near.DisposeAsync();
        var result = await far.Transport.Input.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(HangGuard, TestContext.Current.CancellationToken);
        Assert.True(result.IsCompleted);
        await far.DisposeAsync();
    }

    [Fact]
    public async Task An_abort_ends_a_read_that_waits()
    {
        var (near, far) = await PairAsync();
        var reading = near.Transport.Input.ReadAsync(TestContext.Current.CancellationToken).AsTask();
        near.Abort(new ConnectionAbortedException("the test"));
        await reading.ContinueWith(static _ => { }, TaskScheduler.Default).WaitAsync(HangGuard, TestContext.Current.CancellationToken);
        Assert.True(!reading.IsCompletedSuccessfully || (await reading).IsCompleted);
        await far.DisposeAsync();
    }

    [Fact]
    public async Task Where_nobody_listens_connecting_fails()
    {
        await using var listener = await _transport.ListenAsync(new IPEndPoint(IPAddress.Loopback, 0), TestContext.Current.CancellationToken);
        await listener.UnbindAsync(TestContext.Current.CancellationToken);
        await Assert.ThrowsAsync<SocketException>(async () => await _transport.ConnectAsync(listener.EndPoint, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Two_do_not_listen_at_one_end_point()
    {
        await using var listener = await _transport.ListenAsync(new IPEndPoint(IPAddress.Loopback, 0), TestContext.Current.CancellationToken);
        await Assert.ThrowsAsync<AddressInUseException>(async () => await _transport.ListenAsync(listener.EndPoint, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Who_waits_for_a_connection_hears_that_there_will_be_none()
    {
        var listener = await _transport.ListenAsync(new IPEndPoint(IPAddress.Loopback, 0), TestContext.Current.CancellationToken);
        var accepting = listener.AcceptAsync(TestContext.Current.CancellationToken).AsTask();
        await listener.DisposeAsync();
        Assert.Null(await accepting.WaitAsync(HangGuard, TestContext.Current.CancellationToken));
    }

    private async Task<(ConnectionContext Near, ConnectionContext Far)> PairAsync()
    {
        await using var listener = await _transport.ListenAsync(new IPEndPoint(IPAddress.Loopback, 0), TestContext.Current.CancellationToken);
        var accepting = listener.AcceptAsync(TestContext.Current.CancellationToken).AsTask();
        var near = await _transport.ConnectAsync(listener.EndPoint, TestContext.Current.CancellationToken);
        return (near, (await accepting.WaitAsync(HangGuard, TestContext.Current.CancellationToken))!);
    }
}
