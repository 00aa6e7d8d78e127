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
    private readonly Dictionary<string, (int Handshakes, long ClosedEpoch)> _handshakes = [];

    /// <summary>Connected clients.</summary>
    public int Count => _connected.Count;

    /// <summary>All connected clients.</summary>
    public IEnumerable<ClientConnection> Connections => _connected.Values;

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
            _connected[connection.ClientId] = connection;
            return true;
        }
    }

    /// <summary>The handshake has failed.</summary>
    public void Abandon(string clientId)
    {
        lock (_handshakes) Leave(clientId);
    }

    /// <summary>Takes the connection out, if it is the one that stands there.</summary>
    public void Remove(ClientConnection connection) => _connected.TryRemove(new KeyValuePair<string, ClientConnection>(connection.ClientId, connection));

    /// <summary>Ends connection <paramref name="epoch"/> of a client; also one that has not entered yet. Returns whether it was here.</summary>
    public bool Close(string clientId, long epoch, ReasonCode reason)
    {
        ClientConnection? connection;
        lock (_handshakes)
        {
            if (_handshakes.TryGetValue(clientId, out var pending)) _handshakes[clientId] = (pending.Handshakes, Math.Max(pending.ClosedEpoch, epoch));
            connection = Find(clientId);
        }
        if (connection is null || connection.Epoch != epoch) return false;
        connection.Close(reason, "closed by its session");
        return true;
    }

    private void Leave(string clientId)
    {
        var (count, closed) = _handshakes[clientId];
        if (count == 1) _handshakes.Remove(clientId);
        else _handshakes[clientId] = (count - 1, closed);
    }
}
