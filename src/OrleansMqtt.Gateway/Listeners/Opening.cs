using System.Net;
using System.Security.Authentication;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;
using OrleansMqtt.Diagnostics;
using OrleansMqtt.Gateway.Connections;
using OrleansMqtt.Gateway.Faults;
using OrleansMqtt.Gateway.Hooks;
using OrleansMqtt.Gateway.Hosting;
using OrleansMqtt.Gateway.Limits;
using OrleansMqtt.Gateway.Listeners.Tls;
using OrleansMqtt.Gateway.Listeners.WebSockets;

namespace OrleansMqtt.Gateway.Listeners;

/// <summary>
/// A connection on its way to its first packet: PROXY header, TLS, WebSocket, as far as its listener has them. The time to connect counts from the accept on.
/// </summary>
internal sealed partial class Opening : Watched, IHalfOpen
{
    private readonly ListenerOptions _listener;
    private readonly GatewayContext _context;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly long _since;
    private readonly ConnectionContext _accepted;
    private ConnectionContext _transport;
    private IPEndPoint? _client;
    private readonly LinkedListNode<IHalfOpen> _halfOpen;
    private ulong _place;
    private volatile string? _end;

    public Opening(ConnectionContext accepted, ListenerOptions listener, GatewayContext context, bool isFull)
    {
        (_accepted, _transport, _listener, _context, IsFull) = (accepted, accepted, listener, context, isFull);
        TimeoutTicks = context.Limits.ConnectTimeoutSeconds;
        LastReceivedTick = _since = context.Heartbeat.NextTick;
        context.Heartbeat.Watch(this);
        _halfOpen = context.Guards.HalfOpen.Enter(this);
    }

    /// <summary>Whether its listener has no place for it, which it is to be told.</summary>
    public bool IsFull { get; }

    /// <summary>What is done wrong on it; null for nothing.</summary>
    public FaultSource? Faults { get; init; }

    /// <summary>Address of the client, for the log.</summary>
    public string Remote => (_client ?? _accepted.RemoteEndPoint)?.ToString() ?? "unknown";

    /// <summary>The client's connection as hooks see it; null where there are none, and before <see cref="RunAsync"/> has made it.</summary>
    public MqttConnection? Hooked { get; private set; }

    /// <summary>Completed when it has become a client's connection, or is over.</summary>
    public Task Ended => _ended.Task;

    /// <summary>Makes a client's connection of it; null when it has ended before. Never throws for what a client or its network does.</summary>
    public async Task<ClientConnection?> RunAsync(WatchedCertificates? certificates, WebSocketServer? webSockets, ConnectionHooks? hooks)
    {
        try
        {
            if (_listener.ProxyProtocol) _client = await ProxyHeader.ReadAsync(_transport.Transport.Input);
            var hasPlace = _context.Guards.Addresses.TryEnter(_client ?? _accepted.RemoteEndPoint, out _place);
            if (certificates is not null) _transport = await TlsConnection.OpenAsync(_transport, certificates.Current, _context.HandshakeTurns);
            if (webSockets is not null) _transport = await webSockets.OpenAsync(_transport);
            if (Faults is not null) _transport = await Faults.OpenAsync(_transport, Remote, () => _context.Limits);
            _context.Heartbeat.Forget(this);
            // It is one of them again as a client's connection.
            _context.Guards.HalfOpen.Leave(_halfOpen);
            if (_end is null)
            {
                var arrival = new Arrival(_client, _since, IsFull, hasPlace, _place);
                Hooked = hooks?.Open(_transport, transport => new ClientConnection(transport, _listener, _context, arrival));
                var client = Hooked?.Client ?? new ClientConnection(_transport, _listener, _context, arrival);
                _place = AddressTable.NoPlace;
                return client;
            }
        }
        catch (Exception exception) when (exception is AuthenticationException or IOException or InvalidDataException or OperationCanceledException or ObjectDisposedException)
        {
            _end ??= Reason(exception);
        }
        _context.Heartbeat.Forget(this);
        _context.Metrics.CountNotOpened();
        LogNotOpened(_context.Logger, _listener.Name, Remote, _end);
        await _transport.Transport.Output.CompleteAsync();
        await _transport.Transport.Input.CompleteAsync();
        await _transport.DisposeAsync();
        return null;
    }

    /// <summary>It is over, or on.</summary>
    public void End()
    {
        _context.Guards.HalfOpen.Leave(_halfOpen);
        _context.Guards.Addresses.Leave(_place);
        _ended.TrySetResult();
    }

    /// <summary>Ends it from outside. Any thread.</summary>
    public void Abort() => Abort("the listener stops");

    /// <inheritdoc/>
    public void Shed()
    {
        _context.Metrics.CountRefused(RefusalKind.HalfOpenConnections);
        Abort("too many connections without CONNECT");
    }

    /// <inheritdoc/>
    public override void OnTimeout() => Abort("it was not done in time");

    private void Abort(string reason)
    {
        _end ??= reason;
        _transport.Abort(new ConnectionAbortedException(reason));
    }

    // The innermost one says what went wrong; libraries append what they were doing.
    private static string Reason(Exception exception)
    {
        var innermost = exception.GetBaseException();
        var message = exception.InnerException is null || exception is AuthenticationException { Message: [not 'A', ..] } ? exception.Message : innermost.Message;
        return string.Concat(message.Split('\n')[0].Where(static c => !char.IsControl(c)));
    }

    [LoggerMessage(302, LogLevel.Information, "Listener {Listener}: the connection from {Remote} ended before its first packet: {Reason}")]
    private static partial void LogNotOpened(ILogger logger, string listener, string remote, string reason);
}
