using System.Net;
using System.Net.Sockets;

namespace OrleansMqtt.Processes.Links;

/// <summary>One connection through a <see cref="LinkProxy"/>.</summary>
/// <param name="inner">The client's side, connected.</param>
/// <param name="outer">The server's side, to be connected. Both are closed at the end.</param>
/// <param name="client">Who it is.</param>
internal sealed class LinkConnection(Socket inner, Socket outer, string client)
{
    private const int ChunkBytes = 65_536;

    private readonly Lock _lock = new();
    private TaskCompletionSource? _stalled;
    private bool _isClosed;

    public string Client { get; } = client;

    /// <summary>Lets through, holds up, or resets. What is reset stays so.</summary>
    public void Set(LinkCut cut)
    {
        lock (_lock)
        {
            if (cut == LinkCut.Stall)
            {
                _stalled ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                return;
            }

            if (cut == LinkCut.Reset) Close(isAbrupt: true);
            _stalled?.SetResult();
            _stalled = null;
        }
    }

    /// <summary>Connects, and passes on both ways until one side ends the connection.</summary>
    public async Task RunAsync(IPEndPoint server)
    {
        try
        {
            (inner.NoDelay, outer.NoDelay) = (true, true);
            await PassageAsync();
            await outer.ConnectAsync(server);
            await Task.WhenAll(PassAsync(inner, outer), PassAsync(outer, inner));
            lock (_lock) Close(isAbrupt: false);
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            lock (_lock) Close(isAbrupt: true); // A side is gone: the other one learns it by a reset.
        }
    }

    private async Task PassAsync(Socket from, Socket to)
    {
        try
        {
            var bytes = new byte[ChunkBytes];
            int count;
            while ((count = await from.ReceiveAsync(bytes)) > 0)
            {
                await PassageAsync();
                for (var sent = 0; sent < count;) sent += await to.SendAsync(bytes.AsMemory(sent, count - sent));
            }

            await PassageAsync();
            to.Shutdown(SocketShutdown.Send);
        }
        catch
        {
            lock (_lock) Close(isAbrupt: true); // So that the other direction ends as well.
            throw;
        }
    }

    private Task PassageAsync()
    {
        lock (_lock) return _stalled?.Task ?? Task.CompletedTask;
    }

    private void Close(bool isAbrupt)
    {
        if (_isClosed) return;
        _isClosed = true;
        foreach (var socket in (Socket[])[inner, outer])
        {
            if (isAbrupt) socket.LingerState = new LingerOption(true, 0);
            socket.Dispose();
        }
    }
}
