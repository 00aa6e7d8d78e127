using System.Net;
using System.Runtime.Versioning;
using Microsoft.AspNetCore.Connections;

namespace OrleansMqtt.Gateway.Transports.Epoll;

/// <summary>
/// TCP and Unix sockets on Linux by epoll(7), in place of Kestrel's sockets, through the same interface. A connection's packets are handled
/// on the thread that found it readable, and an idle connection holds no buffer. Nothing that blocks may run on the threads of this
/// transport: what a reader does up to its next await runs there.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class EpollTransportFactory : IConnectionListenerFactory, IDisposable
{
    private readonly EpollLoop[] _loops;
    private readonly TcpKeepAlive? _keepAlive;

    /// <summary>Starts the threads.</summary>
    /// <param name="threads">How many; as many as processors when null.</param>
    /// <param name="keepAlive">How it is found out that the other end of a connection is gone; null: not at all.</param>
    public EpollTransportFactory(int? threads = null, TcpKeepAlive? keepAlive = null) =>
        (_loops, _keepAlive) = ([.. Enumerable.Range(0, threads ?? Environment.ProcessorCount).Select(static number => new EpollLoop(number))], keepAlive);

    /// <inheritdoc/>
    /// <exception cref="AddressInUseException">Somebody else listens there.</exception>
    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default) => new(new EpollListener(endpoint, _loops, _keepAlive));

    /// <summary>Ends the threads. Their listeners and connections must have been disposed of.</summary>
    public void Dispose()
    {
        foreach (var loop in _loops) loop.Dispose();
    }
}
