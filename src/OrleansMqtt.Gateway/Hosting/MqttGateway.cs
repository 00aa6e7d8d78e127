using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OrleansMqtt.Events;
using OrleansMqtt.Gateway.Authorization;
using OrleansMqtt.Gateway.Connections;
using OrleansMqtt.Gateway.Delivery;
using OrleansMqtt.Gateway.Lanes;
using OrleansMqtt.Gateway.Listeners;
using OrleansMqtt.Gateway.Monitoring;
using OrleansMqtt.Gateways;
using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.Gateway.Hosting;

/// <summary>A listener that is open.</summary>
/// <param name="Name">Its name in the configuration.</param>
/// <param name="EndPoint">Where it listens, with the port that was taken.</param>
/// <param name="Scheme">URL scheme for clients.</param>
/// <param name="HasFaults">Whether it injects faults.</param>
public sealed record BoundListener(string Name, EndPoint EndPoint, string Scheme = "mqtt", bool HasFaults = false);

/// <summary>No listener can be opened on this machine.</summary>
/// <param name="listener">One of them.</param>
public sealed class NoListenerException(string listener) : Exception($"Nothing to listen on: listener {listener} has Transport quic, which needs the library msquic (libmsquic), and there is no other listener.");

/// <summary>A running gateway: opens its listeners when the host starts, says goodbye to its clients when the host stops.</summary>
public sealed partial class MqttGateway : IHostedService, IAsyncDisposable
{
    // Nobody has an acknowledgement for what is left by then: without a silo it could go nowhere.
    private static readonly TimeSpan LaneTime = TimeSpan.FromSeconds(5);
    private readonly GatewayContext _context;
    private readonly LocalGateway _gateway;
    private readonly GatewayConnections _connections;
    private readonly SysTopics _sys;
    private readonly Listener[] _listeners;
    private readonly Revocation _revocation;
    private readonly SemaphoreSlim _stopping = new(1);
    private bool _hasStopped;

    internal MqttGateway(GatewayContext context, LocalGateway gateway, SysTopics sys, IConnectionListenerFactory transports)
    {
        (_context, _gateway, _sys, _connections) = (context, gateway, sys, new GatewayConnections(context));
        _revocation = new Revocation(context);
        _listeners = [.. context.Options.Listeners.Select(options => new Listener(options, transports, context))];
    }

    /// <summary>The listeners that are open; empty before start.</summary>
    public IReadOnlyList<BoundListener> Listeners { get; private set; } = [];

    /// <inheritdoc/>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        _context.Events?.Start();
        _context.Events?.Post(new BrokerStarting());
        _context.Endpoint = _context.Grains.CreateObjectReference<IGatewayEndpoint>(_gateway);
        _context.RouterEndpoint = _context.Grains.CreateObjectReference<IGatewayEndpoint>(_gateway);
        _gateway.Connections = _context.Grains.CreateObjectReference<IGatewayConnections>(_connections);
        _context.Guards.Limits.Changed += UseRates;
        _context.Overload.Start();
        // First, so that no client comes that nobody would end if this process died.
        if (_context.Lease is { } lease) await lease.StartAsync(_context.RouterEndpoint, CloseAll, cancellationToken);
        _revocation.Start();
        Listener[] supported = [.. _listeners.Where(static listener => listener.IsSupported)];
        foreach (var listener in _listeners.Except(supported)) LogNotSupported(_context.Logger, listener.Options.Name, listener.Options.Bind);
        if (supported.Length == 0 && _listeners.Length > 0) throw new NoListenerException(_listeners[0].Options.Name);
        foreach (var listener in supported) await listener.StartAsync(cancellationToken);
        Listeners = [.. supported.Select(l => new BoundListener(l.Options.Name, l.EndPoint, SchemeOf(l.Options.Transport), l.Options.Faults is not null))];
        _sys.Start();
        _context.Events?.Post(new BrokerStarted { Listeners = [.. Listeners.Select(static listener => $"{listener.Scheme}://{listener.EndPoint}")] });
    }

    /// <inheritdoc/>
    // The broker's own interface may have stopped it before, or may be at it.
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.WaitAsync(cancellationToken);
        try
        {
            if (_hasStopped) return;
            await StopNowAsync(cancellationToken);
            _hasStopped = true;
        }
        finally
        {
            _stopping.Release();
        }
    }

    private async Task StopNowAsync(CancellationToken cancellationToken)
    {
        _context.Events?.Post(new BrokerStopping());
        _sys.Stop();
        _context.Guards.Limits.Changed -= UseRates;
        _context.IsStopping = true;
        foreach (var listener in _listeners) await listener.StopAsync(cancellationToken);
        await new Drain(_context).RunAsync(cancellationToken);
        // What is published of them goes through the lanes too.
        if (_context.Events is not null) await _context.Events.DrainAsync();
        // QoS 0 messages, for which no connection waits.
        if (_context.Lanes is { } lanes) await DrainAsync(lanes, cancellationToken);
        if (_context.Lease is { } lease) await lease.StopAsync();
        if (_context.Events is { } events)
        {
            events.Post(new BrokerStopped());
            await events.DrainAsync();
        }
    }

    private async Task DrainAsync(LaneRouter lanes, CancellationToken cancellationToken)
    {
        try
        {
            await lanes.DrainAsync().WaitAsync(LaneTime, _context.Time, cancellationToken);
        }
        catch (TimeoutException)
        {
            LogNotDrained(_context.Logger, LaneTime);
        }
    }

    private void UseRates()
    {
        foreach (var connection in _context.Connections.Connected) connection.UseRates();
    }

    private static string SchemeOf(ListenerTransport transport) => transport switch
    {
        ListenerTransport.Tls => "mqtts",
        ListenerTransport.Ws => "ws",
        ListenerTransport.Wss => "wss",
        ListenerTransport.Quic => "quic",
        _ => "mqtt",
    };

    private void CloseAll()
    {
        foreach (var connection in _context.Connections.Connections) connection.Close(ReasonCode.ServerShuttingDown, "the gateway's lease is over");
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var listener in _listeners) await listener.DisposeAsync();
        _revocation.Dispose();
        _context.Heartbeat.Dispose();
        _stopping.Dispose();
    }

    [LoggerMessage(201, LogLevel.Warning, "Listener {Listener} is left out: QUIC needs the library msquic (libmsquic), which this machine does not have. Nothing listens on {Bind}.")]
    private static partial void LogNotSupported(ILogger logger, string listener, EndPoint bind);

    [LoggerMessage(200, LogLevel.Warning, "QoS 0 messages are given up: no silo has taken them within {Time}.")]
    private static partial void LogNotDrained(ILogger logger, TimeSpan time);
}
