using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace OrleansMqtt.Processes.Links;

/// <summary>Stands between a server and those who connect to it, and can cut them off: all, or some of them.</summary>
internal sealed class LinkProxy : IAsyncDisposable
{
    private readonly TcpListener _listener;
    private readonly IPEndPoint _server;
    private readonly Func<int, string> _nameOf;
    private readonly Lock _lock = new();
    private readonly Dictionary<string, LinkCut> _cuts = [];
    private readonly ConcurrentDictionary<LinkConnection, Task> _connections = [];
    private readonly Task _accepting;
    private LinkCut _cutForAll;

    private LinkProxy(int port, IPEndPoint server, Func<int, string> nameOf)
    {
        _server = server;
        _nameOf = nameOf;
        _listener = new TcpListener(IPAddress.Loopback, port);
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>Starts one.</summary>
    /// <param name="port">Where it listens.</param>
    /// <param name="server">What it leads to.</param>
    /// <param name="nameOf">Says who connects, by the port that the connection comes from.</param>
    public static LinkProxy Start(int port, IPEndPoint server, Func<int, string> nameOf) => new(port, server, nameOf);

    /// <summary>Cuts the link to everybody, or to one.</summary>
    public void Cut(LinkCut cut, string? client = null)
    {
        lock (_lock)
        {
            if (client is null) _cutForAll = cut;
            else _cuts[client] = cut;
            Apply();
        }
    }

    /// <summary>All links work again.</summary>
    public void Heal()
    {
        lock (_lock)
        {
            _cutForAll = LinkCut.None;
            _cuts.Clear();
            Apply();
        }
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _accepting;
        foreach (var connection in _connections.Keys) connection.Set(LinkCut.Reset);
        await Task.WhenAll(_connections.Values);
        _listener.Dispose();
    }

    private void Apply()
    {
        foreach (var connection in _connections.Keys) connection.Set(CutOf(connection.Client));
    }

    private LinkCut CutOf(string client) => _cutForAll != LinkCut.None ? _cutForAll : _cuts.GetValueOrDefault(client);

    private async Task AcceptAsync()
    {
        while (await NextAsync() is { } socket)
        {
            var connection = new LinkConnection(socket, new Socket(SocketType.Stream, ProtocolType.Tcp), _nameOf(((IPEndPoint)socket.RemoteEndPoint!).Port));
            lock (_lock)
            {
                connection.Set(CutOf(connection.Client));
                _connections[connection] = Task.CompletedTask;
                _connections[connection] = RunAsync(connection);
            }
        }
    }

    /// <summary>The next connection; null when the proxy ends.</summary>
    private async Task<Socket?> NextAsync()
    {
        try
        {
            return await _listener.AcceptSocketAsync();
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException or InvalidOperationException)
        {
            return null;
        }
    }

    private async Task RunAsync(LinkConnection connection)
    {
        await connection.RunAsync(_server);
        _connections.TryRemove(connection, out _);
    }
}
