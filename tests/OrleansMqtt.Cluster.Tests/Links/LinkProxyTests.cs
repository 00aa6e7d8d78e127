using System.Net;
using System.Net.Sockets;
using OrleansMqtt.Processes;
using OrleansMqtt.Processes.Links;

namespace OrleansMqtt.Cluster.Tests.Links;

/// <summary>The proxy through which processes of a cluster reach each other.</summary>
public sealed class LinkProxyTests : IAsyncLifetime
{
    private static readonly TimeSpan Guard = TimeSpan.FromSeconds(30);

    private readonly TcpListener _server = new(IPAddress.Loopback, 0);
    private readonly Dictionary<int, string> _names = [];
    private readonly List<IDisposable> _open = [];
    private int _port;
    private LinkProxy _proxy = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync()
    {
        _server.Start();
        _port = FreePort.Take(1)[0];
        _proxy = LinkProxy.Start(_port, (IPEndPoint)_server.LocalEndpoint, port =>
        {
            lock (_names) return _names[port];
        });
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _proxy.DisposeAsync();
        _open.ForEach(static socket => socket.Dispose());
        _server.Dispose();
    }

    [Fact]
    public async Task Bytes_and_the_end_of_a_connection_pass_both_ways()
    {
        var (client, server) = await ConnectAsync("a");
        await PassesAsync(client, server);
        await PassesAsync(server, client);

        client.Shutdown(SocketShutdown.Send);
        Assert.Equal(0, await ReceiveAsync(server));
        await PassesAsync(server, client);
        server.Shutdown(SocketShutdown.Send);
        Assert.Equal(0, await ReceiveAsync(client));
    }

    [Fact]
    public async Task What_one_sends_while_it_is_held_up_comes_when_the_link_is_healed()
    {
        var ((stalled, itsServer), (other, othersServer)) = (await ConnectAsync("a"), await ConnectAsync("b"));
        _proxy.Cut(LinkCut.Stall, "a");

        await stalled.SendAsync(new byte[] { 7 }, Stop);
        await PassesAsync(other, othersServer);
        Assert.Equal(0, itsServer.Available);

        _proxy.Heal();
        Assert.Equal(1, await ReceiveAsync(itsServer));
        await PassesAsync(itsServer, stalled);
    }

    [Fact]
    public async Task A_reset_ends_connections_and_new_ones_until_the_link_is_healed()
    {
        var (client, server) = await ConnectAsync("a");
        _proxy.Cut(LinkCut.Reset);
        await Assert.ThrowsAsync<SocketException>(() => ReceiveAsync(client));
        await Assert.ThrowsAsync<SocketException>(() => ReceiveAsync(server));

        using var refused = Open("a");
        await Assert.ThrowsAsync<SocketException>(async () =>
        {
            await refused.ConnectAsync(IPAddress.Loopback, _port, Stop);
            await ReceiveAsync(refused);
        });

        _proxy.Heal();
        var (again, itsServer) = await ConnectAsync("a");
        await PassesAsync(again, itsServer);
    }

    [Fact]
    public async Task A_connection_is_known_to_be_of_the_process_that_opened_it()
    {
        var (client, _) = await ConnectAsync("a");
        var port = ((IPEndPoint)client.LocalEndPoint!).Port;

        Assert.Equal(Environment.ProcessId, SocketOwner.Find(port, _port, [1, Environment.ProcessId]));
        Assert.Null(SocketOwner.Find(port, _port + 1, [Environment.ProcessId]));
    }

    private async Task<(Socket Client, Socket Server)> ConnectAsync(string name)
    {
        var client = Open(name);
        await client.ConnectAsync(IPAddress.Loopback, _port, Stop);
        var server = await _server.AcceptSocketAsync(Stop).AsTask().WaitAsync(Guard, TimeProvider.System, Stop);
        _open.Add(server);
        return (client, server);
    }

    private Socket Open(string name)
    {
        var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        _open.Add(client);
        client.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        lock (_names) _names[((IPEndPoint)client.LocalEndPoint!).Port] = name;
        return client;
    }

    private static async Task PassesAsync(Socket from, Socket to)
    {
        await from.SendAsync(new byte[] { 1 }, Stop);
        Assert.Equal(1, await ReceiveAsync(to));
    }

    private static Task<int> ReceiveAsync(Socket socket) => socket.ReceiveAsync(new byte[8], Stop).AsTask().WaitAsync(Guard, TimeProvider.System, Stop);
}
