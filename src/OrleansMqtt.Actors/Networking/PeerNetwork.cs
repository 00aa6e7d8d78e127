using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;
using Orleans.Runtime;
using OrleansMqtt.Actors.Networking.Connections;
using OrleansMqtt.Actors.Networking.Frames;
using OrleansMqtt.Actors.Networking.Handshakes;
using OrleansMqtt.Actors.Networking.Transports;

namespace OrleansMqtt.Actors.Networking;

/// <summary>
/// The connections of one silo or client. It opens at most one to each silo, on demand; a silo also accepts those that silos and clients
/// open. Requests to a silo go over the connection that this side opened, requests to a client over the one that the client opened, and
/// answers over the one on which the request came.
/// </summary>
internal sealed partial class PeerNetwork : IAsyncDisposable
{
    private readonly string _cluster;
    private readonly ITransport _transport;
    private readonly IFrameReceiver _receiver;
    private readonly NetworkOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly RateBoundedLog _rate;
    private readonly RunningTasks _tasks = new();
    private readonly CancellationTokenSource _leaving = new();
    private readonly ConcurrentDictionary<PeerTarget, OutgoingPeer> _outgoing = new();
    private readonly ConcurrentDictionary<PeerIdentity, PeerConnection> _incoming = new();
    private readonly ConcurrentDictionary<PeerConnection, bool> _connections = new();
    private Reception? _reception;
    private IConnectionListener? _listener;
    private ITimer? _timer;
    private int _disposed;

    /// <summary>Makes a network that does nothing until <see cref="Start"/>.</summary>
    /// <param name="cluster">The cluster's identifier; only its members are spoken to.</param>
    /// <param name="transport">How bytes travel.</param>
    /// <param name="receiver">Who is told what happens on the connections.</param>
    /// <param name="options">Limits and times.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">The log.</param>
    public PeerNetwork(string cluster, ITransport transport, IFrameReceiver receiver, NetworkOptions options, TimeProvider time, ILogger logger)
    {
        _cluster = cluster;
        _transport = transport;
        _receiver = receiver;
        _options = options;
        _time = time;
        _logger = logger;
        _rate = new RateBoundedLog(time);
    }

    /// <summary>All connections, also those that are being opened.</summary>
    public ICollection<PeerConnection> Connections => _connections.Keys;

    /// <summary>Takes the end point of a silo. Nobody is accepted before <see cref="Start"/>.</summary>
    /// <returns>The end point, with the port that was chosen if none was given.</returns>
    public async Task<EndPoint> BindAsync(EndPoint endPoint, CancellationToken cancellation = default)
    {
        _listener = await _transport.ListenAsync(endPoint, cancellation).ConfigureAwait(false);
        return _listener.EndPoint;
    }

    /// <summary>Begins to accept connections, if it is bound, and to open them.</summary>
    /// <param name="self">Who this is.</param>
    public void Start(PeerIdentity self)
    {
        _reception = new Reception(_cluster, self, _options.Refuse);

        // Too long a name is found here, not at the first connection.
        _reception.Introduce(self.Silo).ToBytes();
        using (ExecutionContext.IsFlowSuppressed() ? default : ExecutionContext.SuppressFlow())
        {
            _timer = _time.CreateTimer(static network => ((PeerNetwork)network!).Tick(), this, _options.PingInterval, _options.PingInterval);
        }

        if (_listener is { } listener)
        {
            _tasks.TryStart(() => AcceptAsync(listener));
        }
    }

    /// <summary>Sends to a silo, over a connection that is opened if need be.</summary>
    /// <inheritdoc cref="PeerConnection.Send"/>
    public SendResult Send<TBody>(SiloAddress silo, FrameKind kind, long correlation, in TBody body, object? request = null)
        where TBody : IFrameBody, allows ref struct
    {
        var result = ConnectionTo(silo).Send(kind, correlation, body, request);

        // It may have ended just now; the next one is new.
        return result is SendResult.Ended or SendResult.Leaving ? ConnectionTo(silo).Send(kind, correlation, body, request) : result;
    }

    /// <summary>The connection that this side opens to a silo. It takes calls at once; if it cannot be opened they come back.</summary>
    public PeerConnection ConnectionTo(SiloAddress silo) => ConnectionTo(PeerTarget.Exactly(silo));

    /// <inheritdoc cref="ConnectionTo(SiloAddress)"/>
    public PeerConnection ConnectionTo(PeerTarget target)
    {
        if (_outgoing.TryGetValue(target, out var known) && known.Current is { } current)
        {
            return current;
        }

        while (true)
        {
            var peer = _outgoing.GetOrAdd(target, static (target, network) => new OutgoingPeer(target, network._options, network._time), this);
            if (peer.Renew(() => NewConnection(target.ToString()), out var delay) is { } connection)
            {
                if (delay is { } wait)
                {
                    Open(peer, connection, wait);
                }

                return connection;
            }

            _outgoing.TryRemove(KeyValuePair.Create(target, peer));
        }
    }

    /// <summary>The connection that a peer has opened to this side: how a silo reaches a client. Null if there is none.</summary>
    public PeerConnection? ConnectionOf(PeerIdentity peer) =>
        _incoming.TryGetValue(peer, out var connection) && connection.TakesCalls ? connection : null;

    /// <summary>Ends all connections with a silo, either way. To keep it away, refuse it in <see cref="NetworkOptions.Refuse"/>.</summary>
    public void Disconnect(SiloAddress silo, string reason)
    {
        foreach (var connection in _connections.Keys)
        {
            if (silo.Equals(connection.Peer?.Silo))
            {
                connection.End(EndKind.Closed, reason);
            }
        }

        // One that is still being opened does not know its peer.
        if (_outgoing.TryGetValue(PeerTarget.Exactly(silo), out var peer))
        {
            peer.Current?.End(EndKind.Closed, reason);
        }
    }

    /// <summary>Leaves in peace: accepts nobody any more, says goodbye to all, and waits until all calls are answered.</summary>
    /// <param name="limit">How long it waits at most; then connections are ended as they are.</param>
    public async Task DrainAsync(TimeSpan limit)
    {
        // Calls that wait for a connection that is being opened leave first: those of grains that have just moved on to a silo that this one has never called.
        await ((Task)Task.WhenAll(_connections.Keys.Where(static connection => connection.HasWaiting).Select(static connection => connection.Opened)))
            .WaitAsync(limit, _time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await StopAsync().ConfigureAwait(false);
        var connections = _connections.Keys;
        foreach (var connection in connections)
        {
            connection.SayGoodbye();
        }

        try
        {
            await Task.WhenAll(connections.Select(static connection => connection.Completion)).WaitAsync(limit, _time).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            LogNotDrained(_logger, limit, _connections.Count);
        }

        EndAll($"this side has left after {limit}");
    }

    /// <summary>Ends everything at once.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            await StopAsync().ConfigureAwait(false);
            EndAll("this side closes");
            await _tasks.EndAsync().ConfigureAwait(false);
            if (_timer is not null)
            {
                await _timer.DisposeAsync().ConfigureAwait(false);
            }

            _leaving.Dispose();
        }
    }

    private async Task StopAsync()
    {
        await _leaving.CancelAsync().ConfigureAwait(false);
        if (Interlocked.Exchange(ref _listener, null) is { } listener)
        {
            await listener.UnbindAsync().ConfigureAwait(false);
            await listener.DisposeAsync().ConfigureAwait(false);
        }
    }

    private void EndAll(string reason)
    {
        foreach (var connection in _connections.Keys)
        {
            connection.End(EndKind.Closed, reason);
            connection.Abort();
        }
    }

    private PeerConnection NewConnection(string description)
    {
        var connection = new PeerConnection(description, _options, _receiver, _logger);
        _connections.TryAdd(connection, true);
        return connection;
    }

    private void Tick()
    {
        foreach (var (connection, _) in _connections)
        {
            connection.Tick();
        }

        foreach (var (target, peer) in _outgoing)
        {
            if (peer.Retire())
            {
                _outgoing.TryRemove(KeyValuePair.Create(target, peer));
            }
        }
    }
}
