using OrleansMqtt.Actors.Networking.Connections;

namespace OrleansMqtt.Actors.Networking;

/// <summary>The connection that this side opens to one peer, and how long the peer is left alone when that fails.</summary>
internal sealed class OutgoingPeer(PeerTarget target, NetworkOptions options, TimeProvider time)
{
    private readonly Lock _lock = new();
    private volatile PeerConnection? _current;
    private int _failures;
    private bool _counted = true;
    private long _openedAt;
    private long _changed = time.GetTimestamp();
    private bool _retired;

    public PeerTarget Target => target;

    /// <summary>The connection, if it takes calls.</summary>
    public PeerConnection? Current => _current is { TakesCalls: true } current ? current : null;

    /// <summary>The connection; one that is to be opened, if there is none that takes calls.</summary>
    /// <param name="create">Makes one.</param>
    /// <param name="delay">When it may be opened; null if it is not a new one.</param>
    /// <returns>Null if this object is retired.</returns>
    public PeerConnection? Renew(Func<PeerConnection> create, out TimeSpan? delay)
    {
        lock (_lock)
        {
            delay = null;
            if (_retired || Current is not null)
            {
                return _retired ? null : _current;
            }

            // Whoever sees first that the connection has ended counts it; the one who runs it may come later.
            Count();
            _counted = false;
            var left = BackOff() - time.GetElapsedTime(_changed);
            delay = left > TimeSpan.Zero ? left : TimeSpan.Zero;
            return _current = create();
        }
    }

    /// <summary>Notes that the connection was opened.</summary>
    public void Opened()
    {
        lock (_lock)
        {
            _openedAt = time.GetTimestamp();
        }
    }

    /// <summary>Notes that a connection has ended, or could not be opened. To be called before its calls come back, lest they are sent
    /// again without a pause.</summary>
    public void Ended(PeerConnection connection)
    {
        lock (_lock)
        {
            if (connection == _current)
            {
                Count();
            }
        }
    }

    /// <summary>Retires it, if it was not used for long.</summary>
    /// <returns>Whether it is retired.</returns>
    public bool Retire()
    {
        lock (_lock)
        {
            _retired |= (_current is null || _current.Completion.IsCompleted) && time.GetElapsedTime(_changed) > 2 * options.MaxBackOff;
            return _retired;
        }
    }

    private void Count()
    {
        if (!_counted)
        {
            // One that did not live long counts as a failure: a peer that accepts and closes must not be besieged.
            var lived = _current?.Peer is not null && time.GetElapsedTime(_openedAt) >= options.MaxBackOff;
            _failures = lived ? 0 : _failures + 1;
            _changed = time.GetTimestamp();
            _counted = true;
        }
    }

    private TimeSpan BackOff()
    {
        if (_failures == 0)
        {
            return TimeSpan.Zero;
        }

        var doubled = options.FirstBackOff * Math.Pow(2, Math.Min(_failures - 1, 30));
        var longest = doubled < options.MaxBackOff ? doubled : options.MaxBackOff;
        lock (options.Jitter)
        {
            return longest * (0.5 + (options.Jitter.NextDouble() / 2));
        }
    }
}
