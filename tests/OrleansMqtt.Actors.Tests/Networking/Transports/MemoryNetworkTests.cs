using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using OrleansMqtt.Actors.Networking.Transports;
using OrleansMqtt.Actors.Tests.Networking.Support;

namespace OrleansMqtt.Actors.Tests.Networking.Transports;

public class MemoryNetworkTests
{
    private static readonly IPEndPoint Here = new(IPAddress.Loopback, 1);
    private static readonly IPEndPoint There = new(IPAddress.Loopback, 2);
    private readonly MemoryNetwork _network = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_is_written_before_a_peaceful_end_arrives()
    {
        var (near, far) = await ConnectAsync();
        var bytes = new byte[300_000];
        new Random(1).NextBytes(bytes);
        var reading = new RawPeer(far).ReadToEndAsync();
        await near.Transport.Output.WriteAsync(bytes, Cancellation);
        await near.DisposeAsync();
        Assert.Equal(bytes, await reading);
        Assert.True((await far.Transport.Output.WriteAsync(bytes, Cancellation)).IsCompleted);
    }

    [Fact]
    public async Task A_broken_link_resets_what_is_there_and_refuses_what_comes_until_it_is_healed()
    {
        var (near, far) = await ConnectAsync();
        _network.Break(There, Here);
        await Assert.ThrowsAsync<ConnectionResetException>(() => near.Transport.Input.ReadAsync(Cancellation).AsTask());
        await Assert.ThrowsAsync<ConnectionResetException>(() => far.Transport.Input.ReadAsync(Cancellation).AsTask());
        var from = _network.From(Here);
        await Assert.ThrowsAsync<SocketException>(() => from.ConnectAsync(There, Cancellation).AsTask());
        _network.Heal(Here, There);
        await from.ConnectAsync(There, Cancellation);
    }

    [Fact]
    public async Task A_silent_link_keeps_bytes_and_attempts_until_it_is_healed_and_other_links_work()
    {
        var (near, far) = await ConnectAsync();
        _network.Silence(Here, There);
        await near.Transport.Output.WriteAsync(new byte[] { 7 }, Cancellation);
        var reading = far.Transport.Input.ReadAsync(Cancellation).AsTask();
        var connecting = _network.From(Here).ConnectAsync(There, Cancellation).AsTask();
        await _network.From(new IPEndPoint(IPAddress.Loopback, 3)).ConnectAsync(There, Cancellation);
        Assert.False(reading.IsCompleted);
        Assert.False(connecting.IsCompleted);
        _network.Heal(Here, There);
        Assert.Equal(1, (await reading).Buffer.Length);
        await connecting;
    }

    [Fact]
    public async Task An_end_that_aborts_is_gone_at_once_and_the_other_learns_it_over_the_link()
    {
        var (near, far) = await ConnectAsync();
        _network.Silence(Here, There);
        near.Abort();
        await Assert.ThrowsAsync<ConnectionResetException>(() => near.Transport.Input.ReadAsync(Cancellation).AsTask());
        var reading = far.Transport.Input.ReadAsync(Cancellation).AsTask();
        Assert.False(reading.IsCompleted);
        _network.Heal(Here, There);
        await Assert.ThrowsAsync<ConnectionResetException>(() => reading);
    }

    [Fact]
    public async Task An_end_point_is_taken_once_and_free_when_its_listener_is_gone()
    {
        var transport = _network.From(Here);
        var listener = await transport.ListenAsync(There, Cancellation);
        await Assert.ThrowsAsync<AddressInUseException>(() => transport.ListenAsync(There, Cancellation).AsTask());
        await listener.DisposeAsync();
        Assert.Null(await listener.AcceptAsync(Cancellation));
        await Assert.ThrowsAsync<SocketException>(() => transport.ConnectAsync(There, Cancellation).AsTask());
        await transport.ListenAsync(There, Cancellation);
        var any = (IPEndPoint)(await transport.ListenAsync(new IPEndPoint(IPAddress.Loopback, 0), Cancellation)).EndPoint;
        Assert.NotEqual(0, any.Port);
    }

    private async Task<(ConnectionContext Near, ConnectionContext Far)> ConnectAsync()
    {
        var listener = await _network.From(There).ListenAsync(There, Cancellation);
        var near = await _network.From(Here).ConnectAsync(There, Cancellation);
        return (near, (await listener.AcceptAsync(Cancellation))!);
    }
}
