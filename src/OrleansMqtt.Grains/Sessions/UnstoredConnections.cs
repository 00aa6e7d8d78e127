namespace OrleansMqtt.Grains.Sessions;

/// <summary>
/// Connections of clean sessions without a will that grains of this silo know of, by gateway. The registry ends those that are stored when their gateway is gone; nothing is stored of
/// these. Only in clusters. Thread-safe.
/// </summary>
internal sealed class UnstoredConnections
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Dictionary<string, long>> _gateways = [];

    /// <summary>The gateways that there are connections of.</summary>
    public IReadOnlyList<string> Gateways
    {
        get { lock (_lock) return [.. _gateways.Keys]; }
    }

    /// <summary>The connections of a gateway: clients and epochs.</summary>
    public IReadOnlyList<KeyValuePair<string, long>> Of(string gateway)
    {
        lock (_lock) return _gateways.TryGetValue(gateway, out var clients) ? [.. clients] : [];
    }

    /// <summary>A client has connected.</summary>
    public void Add(string gateway, string clientId, long epoch)
    {
        lock (_lock)
        {
            if (!_gateways.TryGetValue(gateway, out var clients)) _gateways.Add(gateway, clients = []);
            clients[clientId] = epoch;
        }
    }

    /// <summary>That connection has ended, or the grain has left this silo.</summary>
    public void Remove(string gateway, string clientId, long epoch)
    {
        lock (_lock)
        {
            if (!_gateways.TryGetValue(gateway, out var clients) || !clients.TryGetValue(clientId, out var known) || known != epoch) return;
            clients.Remove(clientId);
            if (clients.Count == 0) _gateways.Remove(gateway);
        }
    }
}
