using OrleansMqtt.Gateway.Hosting;

namespace OrleansMqtt.Gateway.Hooks;

/// <summary>
/// Code around a client's whole connection, in the manner of ASP.NET Core's middleware. Those of a gateway stand around each other in the order in which they were added. It runs on the thread pool.
/// One that fails is logged, and its connection ends.
/// </summary>
public interface IConnectionMiddleware
{
    /// <summary>Whether connections of a listener pass it. Asked once at start; a listener without hooks pays nothing for them. Default: those of all listeners.</summary>
    /// <param name="listener">The listener.</param>
    bool IsFor(ListenerOptions listener) => true;

    /// <summary>A connection has been accepted, and has TLS and WebSocket behind it; nothing of MQTT has been read.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="next">Serves the connection; completes when it is over. Never throws for what a client or its network does. If it is never called the connection is closed.</param>
    /// <returns>To be completed when nothing is left to do for the connection. Before <paramref name="next"/> is called the time to connect bounds it.</returns>
    Task ServeAsync(MqttConnection connection, Func<Task> next);
}
