using System.Collections.Concurrent;
using System.Collections.Immutable;
using OrleansMqtt.Storage;

namespace OrleansMqtt.Grains.Storage;

/// <summary>Connections of the `memory` store.</summary>
internal sealed class MemoryConnectionStore : IConnectionStore
{
    private readonly ConcurrentDictionary<(string Gateway, string ClientId), StoredConnection> _connections = new();

    public ValueTask AddAsync(string gateway, StoredConnection connection)
    {
        _connections[(gateway, connection.ClientId)] = connection;
        return default;
    }

    public ValueTask RemoveAsync(string gateway, StoredConnection connection)
    {
        _connections.TryRemove(new KeyValuePair<(string, string), StoredConnection>((gateway, connection.ClientId), connection));
        return default;
    }

    public ValueTask<ImmutableArray<string>> ReadGatewaysAsync() => new([.. _connections.Select(static c => c.Key.Gateway).Distinct()]);

    public ValueTask<ImmutableArray<StoredConnection>> ReadAsync(string gateway) =>
        new([.. _connections.Where(c => c.Key.Gateway == gateway).Select(static c => c.Value)]);
}
