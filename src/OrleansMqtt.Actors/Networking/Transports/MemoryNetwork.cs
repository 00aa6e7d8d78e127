using System.Collections.Concurrent;
using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;

namespace OrleansMqtt.Actors.Networking.Transports;

/// <summary>A network in one process. Its links can be cut and healed.</summary>
/// <param name="scheduler">Runs what waits for bytes; default: the thread pool.</param>
internal sealed class MemoryNetwork(PipeScheduler? scheduler = null)
{
    private const int FirstPort = 20_000;

    private readonly Lock _lock = new();
    private readonly Dictionary<EndPoint, MemoryListener> _listeners = [];
    private readonly ConcurrentDictionary<MemoryLinkKey, MemoryLink> _links = new();
    private int _nextPort = FirstPort;

    public PipeScheduler Scheduler { get; } = scheduler ?? PipeScheduler.ThreadPool;

    /// <summary>The network as seen from one end point.</summary>
    public ITransport From(EndPoint endPoint) => new MemoryTransport(this, endPoint);

    /// <summary>Breaks the connections between two end points, and lets none be made until the link is healed.</summary>
    public void Break(EndPoint one, EndPoint other) => Link(one, other).Break();

    /// <summary>Holds back all bytes between two end points, and all attempts to connect, until the link is healed: what a cut cable looks like
    /// until time-outs pass.</summary>
    public void Silence(EndPoint one, EndPoint other) => Link(one, other).Silence();

    /// <summary>Makes a link work again; what was held back goes on.</summary>
    public void Heal(EndPoint one, EndPoint other) => Link(one, other).Heal();

    internal MemoryListener Listen(EndPoint endPoint)
    {
        lock (_lock)
        {
            var free = endPoint is IPEndPoint { Port: 0 } any ? new IPEndPoint(any.Address, _nextPort++) : endPoint;
            var listener = new MemoryListener(free, this);
            return _listeners.TryAdd(free, listener) ? listener : throw new AddressInUseException($"Somebody listens on {free} already.");
        }
    }

    internal void Forget(MemoryListener listener)
    {
        lock (_lock)
        {
            _listeners.Remove(listener.EndPoint);
        }
    }

    internal async ValueTask<ConnectionContext> ConnectAsync(EndPoint from, EndPoint to, CancellationToken cancellation)
    {
        var link = Link(from, to);
        while (link.WhenCarrying is { IsCompleted: false } carrying)
        {
            await carrying.WaitAsync(cancellation).ConfigureAwait(false);
        }

        cancellation.ThrowIfCancellationRequested();
        MemoryListener? listener;
        lock (_lock)
        {
            _listeners.TryGetValue(to, out listener);
        }

        var (near, far) = MemoryConnection.Pair(link, from, to, Scheduler);
        if (listener is null || !link.TryAdd(near) || !listener.TryOffer(far))
        {
            near.Abort(new ConnectionAbortedException());
            throw new SocketException((int)SocketError.ConnectionRefused);
        }

        return near;
    }

    private MemoryLink Link(EndPoint one, EndPoint other) => _links.GetOrAdd(MemoryLinkKey.Of(one, other), static _ => new MemoryLink());
}
