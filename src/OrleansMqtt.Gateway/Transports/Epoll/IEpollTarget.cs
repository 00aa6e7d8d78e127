namespace OrleansMqtt.Gateway.Transports.Epoll;

/// <summary>What an <see cref="EpollLoop"/> tells about a descriptor. Called on the loop's thread; must not block.</summary>
internal interface IEpollTarget
{
    /// <summary>The descriptor has become readable, writable or dead; <paramref name="events"/> as epoll(7) gives them. May be called without need.</summary>
    void OnReady(int events);

    /// <summary>The turn that <see cref="EpollLoop.Yield"/> asked for.</summary>
    void OnTurn();
}
