using System.Collections.Concurrent;
using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.Gateway.Connections;

/// <summary>
/// The connections of this gateway by client identifier. Between the answer of a session grain and the moment a connection is entered
/// here another one may already have taken the session over: such a connection is told so when it tries to enter.
/// </summary>
internal sealed class ConnectionRegistry
{
    private readonly ConcurrentDictionary<string, ClientConnection> _connected = new();
    private readonly ConcurrentDictionary<ClientConnection, bool> _opened = new();
    private readonly ConcurrentDictionary<(string ClientId, long Epoch), ClientConnection> _ending = new();
    private readonly Dictionary<string, (int Handshakes, long ClosedEpoch)> _handshakes = [];

    // Kept apart: the dictionary takes all its locks to count, and every CONNECT asks.
    private int _count;

    /// <summary>Connected clients.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>All connections, those too that have not got their CONNACK.</summary>
    public IEnumerable<ClientConnection> Connections => _opened.Keys.Concat(_connected.Values);

    /// <summary>A connection has been accepted; it stands apart until it enters or is removed.</summary>
    public void Opened(ClientConnection connection) => _opened[connection] = true;

    /// <summary>Those that have entered.</summary>
    public IEnumerable<ClientConnection> Connected => _connected.Values;

    /// <summary>The connection of a client, if it is here.</summary>
    public ClientConnection? Find(string clientId) => _connected.GetValueOrDefault(clientId);

    /// <summary>A handshake is about to ask the session grain; to be followed by <see cref="TryEnter"/> or <see cref="Abandon"/>.</summary>
    public void BeginHandshake(string clientId)
    {
        lock (_handshakes)
        {
            var (count, closed) = _handshakes.GetValueOrDefault(clientId);
            _handshakes[clientId] = (count + 1, closed);
        }
    }

    /// <summary>Enters the connection, unless its epoch has been closed meanwhile.</summary>
    public bool TryEnter(ClientConnection connection)
    {
        lock (_handshakes)
        {
            var closed = _handshakes[connection.ClientId].ClosedEpoch;
            Leave(connection.ClientId);
            if (connection.Epoch <= closed) return false;
            Enter(connection);
            _opened.TryRemove(connection, out _);
            return true;
        }
    }

    /// <summary>The handshake has failed.</summary>
    public void Abandon(string clientId)
    {
        lock (_handshakes) Leave(clientId);
    }

    /// <summary>Takes the connection out, if it is the one that stands there.</summary>
    public void Remove(ClientConnection connection)
    {
        if (_opened.TryRemove(connection, out _)) return;
        if (_connected.TryRemove(new KeyValuePair<string, ClientConnection>(connection.ClientId, connection))) Interlocked.Decrement(ref _count);
    }

    /// <summary>The connection is over for its client, but what was read from it is still under way; until <see cref="Ended"/>.</summary>
    public void Ending(ClientConnection connection) => _ending[(connection.ClientId, connection.Epoch)] = connection;

    /// <summary>Nothing of the connection is under way any more.</summary>
    public void Ended(ClientConnection connection) => _ending.TryRemove((connection.ClientId, connection.Epoch), out _);

    /// <summary>
    /// Ends connection <paramref name="epoch"/> of a client; also one that has not entered yet. Completes when nothing that was read from it is
    /// under way any more: whether it was here.
    /// </summary>
    public async Task<bool> CloseAsync(string clientId, long epoch, ReasonCode reason)
    {
        var connection = FindBarring(clientId, epoch);
        if ((connection is null || connection.Epoch != epoch) && !_ending.TryGetValue((clientId, epoch), out connection)) return false;
        await connection.CloseAndSettleAsync(reason, "closed by its session");
        return true;
    }

    /// <summary>
    /// Ends what a client has here of connections with a lower epoch; also what has not entered yet. Completes when nothing that was read is under way any more: 0, or the epoch of one that
    /// is not lower and goes on.
    /// </summary>
    public async Task<long> CloseFormerAsync(string clientId, long before)
    {
        var connection = FindBarring(clientId, before - 1);
        if (connection is null) return 0;
        if (connection.Epoch >= before) return connection.Epoch;
        await connection.CloseAndSettleAsync(ReasonCode.SessionTakenOver, "its client connects at another gateway");
        return 0;
    }

    // In one step: a handshake that is under way with an epoch up to this one has entered, and is found, or enters no more.
    private ClientConnection? FindBarring(string clientId, long epoch)
    {
        lock (_handshakes)
        {
            if (_handshakes.TryGetValue(clientId, out var pending)) _handshakes[clientId] = (pending.Handshakes, Math.Max(pending.ClosedEpoch, epoch));
            return Find(clientId);
        }
    }

    /// <summary>Clients whose handshakes have asked the session grain and are not over.</summary>
    public IReadOnlyCollection<string> InHandshake
    {
        get { lock (_handshakes) return [.. _handshakes.Keys]; }
    }

    private void Enter(ClientConnection connection)
    {
        while (!_connected.TryAdd(connection.ClientId, connection))
        {
            // In place of the one that it takes over from, unless that one is just leaving.
            if (_connected.TryGetValue(connection.ClientId, out var former) && _connected.TryUpdate(connection.ClientId, connection, former)) return;
        }
        Interlocked.Increment(ref _count);
    }

    private void Leave(string clientId)
    {
        var (count, closed) = _handshakes[clientId];
        if (count == 1) _handshakes.Remove(clientId);
        else _handshakes[clientId] = (count - 1, closed);
    }
}
