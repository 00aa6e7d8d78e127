namespace OrleansMqtt.Gateway.Connections;

/// <summary>What a <see cref="Heartbeat"/> looks after. It holds its own place in the wheel, so that watching it costs no memory.</summary>
internal abstract class Watched
{
    /// <summary>Seconds without a packet after which <see cref="OnTimeout"/> is called; 0 for never. To be followed by <see cref="Heartbeat.Watch"/> when it changes.</summary>
    public int TimeoutTicks { get; protected set; }

    /// <summary>When the last packet came, in heartbeat seconds, rounded up.</summary>
    public long LastReceivedTick { get; protected set; }

    /// <summary>The heartbeat second in which it ends whatever comes; <see cref="long.MaxValue"/> for never. To be followed by <see cref="Heartbeat.Watch"/> when it changes.</summary>
    public long ExpiryTick { get; protected set; } = long.MaxValue;

    /// <summary>The heartbeat's own: the slot in which it stands, -1 for none, and its neighbours there.</summary>
    internal int Slot { get; set; } = -1;

    /// <inheritdoc cref="Slot"/>
    internal Watched? Next { get; set; }

    /// <inheritdoc cref="Slot"/>
    internal Watched? Previous { get; set; }

    /// <summary>The time-out has passed, or <see cref="ExpiryTick"/> has come; it is watched no longer.</summary>
    public abstract void OnTimeout();
}
