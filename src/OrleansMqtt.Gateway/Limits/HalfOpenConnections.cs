using OrleansMqtt.Settings;

namespace OrleansMqtt.Gateway.Limits;

/// <summary>Connections that have not sent CONNECT, in the order in which they came. There are so many at most: the oldest goes where one more comes.</summary>
internal sealed class HalfOpenConnections(Live<GatewayLimits> limits)
{
    private readonly Lock _lock = new();
    private readonly LinkedList<IHalfOpen> _connections = new();

    /// <summary>How many there are.</summary>
    public int Count
    {
        get { lock (_lock) return _connections.Count; }
    }

    /// <summary>One more. To be taken out by <see cref="Leave"/>.</summary>
    public LinkedListNode<IHalfOpen> Enter(IHalfOpen connection)
    {
        var node = new LinkedListNode<IHalfOpen>(connection);
        IHalfOpen? oldest = null;
        lock (_lock)
        {
            _connections.AddLast(node);
            if (_connections.Count > limits.Current.MaxHalfOpenConnections)
            {
                oldest = _connections.First!.Value;
                _connections.RemoveFirst();
            }
        }
        oldest?.Shed();
        return node;
    }

    /// <summary>It has sent CONNECT, or has ended. Again as often as one likes.</summary>
    public void Leave(LinkedListNode<IHalfOpen> node)
    {
        lock (_lock)
            if (node.List is not null) _connections.Remove(node);
    }
}

/// <summary>A connection that has not sent CONNECT.</summary>
internal interface IHalfOpen
{
    /// <summary>There are too many, and it is the oldest: it ends. Any thread, no lock held.</summary>
    void Shed();
}
