using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;
using OrleansMqtt.Gateway.Connections;
using OrleansMqtt.Gateway.Hosting;
using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.Gateway.Hooks;

/// <summary>The hooks around the connections of one listener.</summary>
internal sealed partial class ConnectionHooks
{
    private readonly IConnectionMiddleware[] _middlewares;
    private readonly IPacketInterceptor[] _interceptors;
    private readonly GatewayContext _context;
    private readonly ListenerOptions _listener;

    private ConnectionHooks(IConnectionMiddleware[] middlewares, IPacketInterceptor[] interceptors, ListenerOptions listener, GatewayContext context) =>
        (_middlewares, _interceptors, _listener, _context) = (middlewares, interceptors, listener, context);

    /// <summary>Those of a listener; null for none.</summary>
    public static ConnectionHooks? Of(ListenerOptions listener, GatewayContext context)
    {
        IConnectionMiddleware[] middlewares = [.. context.Middlewares.Value.Where(middleware => middleware.IsFor(listener))];
        IPacketInterceptor[] interceptors = [.. context.Interceptors.Value.Where(interceptor => interceptor.IsFor(listener))];
        return middlewares.Length + interceptors.Length == 0 ? null : new ConnectionHooks(middlewares, interceptors, listener, context);
    }

    /// <summary>Makes a client's connection of a transport, with the hooks of its packets in between.</summary>
    public MqttConnection Open(ConnectionContext transport, Func<ConnectionContext, ClientConnection> create)
    {
        if (_interceptors.Length == 0) return new MqttConnection(create(transport), _listener.Name);
        var packets = new PacketHooks(_interceptors, _context.Logger);
        var intercepted = new PacketConnection(transport, packets, () => _context.Limits, _context.Logger);
        return packets.Connection = new MqttConnection(create(intercepted), _listener.Name) { Packets = intercepted };
    }

    /// <summary>Serves a connection inside its middlewares; completes when it is over.</summary>
    public async Task ServeAsync(MqttConnection connection, Func<Task> serve)
    {
        if (_middlewares.Length == 0)
        {
            connection.Packets?.Start();
            await serve();
            return;
        }
        var served = new Lazy<Task>(ServeOnPoolAsync);
        var chain = Task.Run(() => GuardAsync(connection, InvokeAsync(0)));
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using (connection.Ended.UnsafeRegister(static ended => ((TaskCompletionSource)ended!).SetResult(), ended)) await Task.WhenAny(chain, ended.Task);
        if (!served.IsValueCreated) connection.Client.Close(ReasonCode.NotAuthorized, "a middleware does not serve it");
        // Its end is served in any case.
        await served.Value;

        Task InvokeAsync(int index) => index == _middlewares.Length ? served.Value : _middlewares[index].ServeAsync(connection, () => InvokeAsync(index + 1));

        async Task ServeOnPoolAsync()
        {
            connection.Packets?.Start();
            await serve();
            // It may have ended on a thread that reads sockets.
            await Task.Yield();
        }
    }

    private async Task GuardAsync(MqttConnection connection, Task chain)
    {
        try
        {
            await chain;
        }
#pragma warning disable CA1031 // A user's code: whatever it is, it ends this connection alone.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            LogFailed(_context.Logger, exception, connection.Client.LogName, connection.Client.Remote);
            connection.Client.Close(ReasonCode.ImplementationSpecificError, "a middleware has failed");
        }
    }

    [LoggerMessage(305, LogLevel.Error, "Client {ClientId} at {Remote}: a middleware has failed; closing.")]
    private static partial void LogFailed(ILogger logger, Exception exception, string clientId, string remote);
}
