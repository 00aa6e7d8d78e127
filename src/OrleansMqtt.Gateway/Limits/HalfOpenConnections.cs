using OrleansMqtt.Settings;

namespace OrleansMqtt.Gateway.Limits;

/// <summary>Connections that have not sent CONNECT, in the order in which they came. There are so many at most: the oldest goes where one more comes.</summary>
/// <typeparam name="T">A connection.</typeparam>
/// <param name="limits">How many.</param>
/// <param name="shed">Ends one. Called outside of all locks.</param>
internal sealed class HalfOpenConnections<T>(Live<GatewayLimits> limits, Action<T> shed)
    where T : class
{
    private readonly Lock _lock = new();
    private readonly LinkedList<T> _connections = new();

    /// <summary>How many there are.</summary>
    public int Count
    {
        get { lock (_lock) return _connections.Count; }
    }

    /// <summary>One more. To be taken out by <see cref="Leave"/>.</summary>
    public LinkedListNode<T> Enter(T connection)
    {
        var node = new LinkedListNode<T>(connection);
        T? oldest = null;
        lock (_lock)
        {
            _connections.AddLast(node);
            if (_connections.Count > limits.Current.MaxHalfOpenConnections)
            {
                oldest = _connections.First!.Value;
                _connections.RemoveFirst();
            }
        }
        if (oldest is not null) shed(oldest);
        return node;
    }

    /// <summary>It has sent CONNECT, or has ended. Again as often as one likes.</summary>
    public void Leave(LinkedListNode<T> node)
    {
        lock (_lock)
            if (node.List is not null) _connections.Remove(node);
    }
}
