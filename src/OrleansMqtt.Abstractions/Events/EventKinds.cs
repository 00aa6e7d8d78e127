namespace OrleansMqtt.Events;

/// <summary>Kinds of events that are published on `$events/`.</summary>
[Flags]
public enum EventKinds
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary><see cref="ClientConnected"/>.</summary>
    Connected = 1,

    /// <summary><see cref="ClientDisconnected"/>.</summary>
    Disconnected = 2,

    /// <summary><see cref="ClientSubscribed"/>.</summary>
    Subscribed = 4,

    /// <summary><see cref="ClientUnsubscribed"/>.</summary>
    Unsubscribed = 8,

    /// <summary><see cref="MessageDropped"/>.</summary>
    Dropped = 16,

    /// <summary>All of them.</summary>
    All = Connected | Disconnected | Subscribed | Unsubscribed | Dropped,
}
