using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.Versioning;
using Microsoft.AspNetCore.Connections;
using OrleansMqtt.Gateway.Transports;
using OrleansMqtt.Gateway.Transports.Epoll;

namespace OrleansMqtt.Gateway.Tests.Transports;

[SupportedOSPlatform("linux")]
public sealed class TcpKeepAliveTests
{
    // The fields of /proc/net/tcp: number, local, remote, state, queues, timer and what is left of it in hundredths of a second.
    private const int Local = 1, Remote = 2, Timer = 5;

    [Theory]
    [InlineData(0)]
    [InlineData(600)]
    public async Task Accepted_connections_are_asked_for(int seconds)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "It looks into /proc.");
        using var factory = new EpollTransportFactory(1, new TcpKeepAlive { Seconds = seconds });
        await using var listener = await factory.BindAsync(new IPEndPoint(IPAddress.Loopback, 0), TestContext.Current.CancellationToken);
        using var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await client.ConnectAsync(listener.EndPoint, TestContext.Current.CancellationToken);
        await using var accepted = (await listener.AcceptAsync(TestContext.Current.CancellationToken))!;
        // 02 is the timer of keep alive.
        Assert.Equal(seconds == 0 ? null : TimeSpan.FromSeconds(seconds), Remaining(accepted));
    }

    [Fact]
    public void It_asks_as_often_as_it_is_told()
    {
        using var listening = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        new TcpKeepAlive { Seconds = 77, Probes = 5 }.Apply(listening);
        Assert.Equal((77, 5), (Option(listening, SocketOptionName.TcpKeepAliveTime), Option(listening, SocketOptionName.TcpKeepAliveRetryCount)));
    }

    [Fact]
    public void Unix_sockets_have_none()
    {
        using var listening = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        new TcpKeepAlive().Apply(listening);
        Assert.Equal(0, (int)listening.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive)!);
    }

    private static int Option(Socket socket, SocketOptionName name) => (int)socket.GetSocketOption(SocketOptionLevel.Tcp, name)!;

    // Rounded: it runs since the connection was made.
    private static TimeSpan? Remaining(ConnectionContext accepted)
    {
        var (local, remote) = (PortOf(accepted.LocalEndPoint), PortOf(accepted.RemoteEndPoint));
        var fields = File.ReadLines("/proc/net/tcp").Select(static line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Single(fields => fields[Local].EndsWith(local, StringComparison.Ordinal) && fields[Remote].EndsWith(remote, StringComparison.Ordinal));
        var timer = fields[Timer].Split(':');
        return timer[0] == "02" ? TimeSpan.FromMinutes(Math.Ceiling(int.Parse(timer[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture) / 6000.0)) : null;
    }

    private static string PortOf(EndPoint? endPoint) => $":{((IPEndPoint)endPoint!).Port:X4}";
}
