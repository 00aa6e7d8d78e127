using System.Collections.Concurrent;
using System.Net;
using System.Net.Quic;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;
using OrleansMqtt.Gateway.Connections;
using OrleansMqtt.Gateway.Faults;
using OrleansMqtt.Gateway.Hooks;
using OrleansMqtt.Gateway.Hosting;
using OrleansMqtt.Gateway.Listeners.Tls;
using OrleansMqtt.Gateway.Listeners.WebSockets;
using OrleansMqtt.Gateway.Transports.Quic;

namespace OrleansMqtt.Gateway.Listeners;

/// <summary>
/// One listening socket: accepts until it is told to stop. Which transport runs is the factory's choice. A failed accept never ends it.
/// </summary>
internal sealed partial class Listener(ListenerOptions options, IConnectionListenerFactory transports, GatewayContext context) : IAsyncDisposable
{
    internal static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(100);
    private readonly CancellationTokenSource _stopping = new();
    private readonly ConnectionSlots? _slots = options.MaxConnections > 0 ? new(options.MaxConnections, options.WhenFull) : null;
    private readonly ConcurrentDictionary<Opening, bool> _openings = new();
    private readonly FaultSource? _faults = options.Faults is null ? null : new(options.Faults, options.Name, context.Logger);
    private ConnectionHooks? _hooks;
    private IConnectionListener? _listener;
    private WatchedCertificates? _certificates;
    private WebSocketServer? _webSockets;
    private Task _accepting = Task.CompletedTask;

    /// <summary>Where it listens, with the port that was taken.</summary>
    public EndPoint EndPoint => _listener!.EndPoint;

    /// <summary>What it was told.</summary>
    public ListenerOptions Options => options;

    /// <summary>Binds and begins to accept.</summary>
    /// <exception cref="CertificateException">A file of its certificates is missing, or does not fit.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (options.Tls is not null) _certificates = OpenCertificates();
        if (options.Transport is ListenerTransport.Ws or ListenerTransport.Wss)
        {
            _webSockets = new WebSocketServer(options.WebSocket);
            await _webSockets.StartAsync(cancellationToken);
        }
        _hooks = ConnectionHooks.Of(options, context);
        _listener = await BindAsync(cancellationToken);
        _faults?.Announce();
        _accepting = AcceptAsync(_listener);
    }

    /// <summary>Accepts no more. Open connections stay, those that have not come as far as MQTT go.</summary>
    public async ValueTask StopAsync(CancellationToken cancellationToken)
    {
        if (_listener is null) return;
        await _stopping.CancelAsync();
        await _listener.UnbindAsync(cancellationToken);
        await _accepting;
        foreach (var opening in _openings.Keys) opening.Abort();
        foreach (var opening in _openings.Keys) await opening.Ended.WaitAsync(cancellationToken);
        if (_webSockets is not null) await _webSockets.StopAsync(cancellationToken);
        UnixSocketFile.Remove(options);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_listener is not null) await _listener.DisposeAsync();
        _certificates?.Dispose();
        _slots?.Dispose();
        _stopping.Dispose();
    }

    /// <summary>Whether this machine has what its transport needs.</summary>
    public bool IsSupported => options.Transport != ListenerTransport.Quic || QuicListener.IsSupported;

    private async ValueTask<IConnectionListener> BindAsync(CancellationToken cancellationToken)
    {
        if (options.Transport != ListenerTransport.Quic) return await UnixSocketFile.BindAsync(transports, options, cancellationToken);
        if (!QuicListener.IsSupported) throw new PlatformNotSupportedException("QUIC needs msquic, which is not here.");
        return await QuicConnectionListener.BindAsync(
            (IPEndPoint)options.Bind, _certificates!, TimeSpan.FromSeconds(context.Limits.ConnectTimeoutSeconds), context.Time, context.Metrics.CountNotOpened, cancellationToken);
    }

    private WatchedCertificates OpenCertificates()
    {
        var certificates = new WatchedCertificates(options, context.Time, context.Logger);
        context.Metrics.ObserveCertificates(options.Name, certificates.Remaining);
        return certificates;
    }

    private async Task AcceptAsync(IConnectionListener listener)
    {
        while (true)
        {
            var hasSlot = false;
            try
            {
                if (_slots is { WhenFull: WhenFull.Wait })
                {
                    await _slots.EnterAsync(_stopping.Token);
                    hasSlot = true;
                }
                if (await listener.AcceptAsync() is not { } transport) return;
                context.Metrics.CountAccepted();
                hasSlot = false;
                await ServeAsync(transport);
            }
            catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
            {
                return;
            }
#pragma warning disable CA1031 // Out of file descriptors, a reset before accept: the listener goes on.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                if (hasSlot) _slots!.Leave();
                LogAcceptFailed(context.Logger, exception, options.Name);
                await Task.Delay(RetryDelay, context.Time, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    // Completes at once, but for whom there is not even a word.
    private ValueTask ServeAsync(ConnectionContext transport)
    {
        if (_slots is null && _faults is null && _hooks is null && !options.ProxyProtocol && options.Transport is ListenerTransport.Tcp or ListenerTransport.Quic)
        {
            _ = ServeAsync(new ClientConnection(transport, options, context), context.Logger);
            return default;
        }
        var isFull = _slots is { WhenFull: WhenFull.Refuse } && !_slots.TryEnter();
        if (isFull && !_slots!.MayBeRefused) return transport.DisposeAsync();
        _ = OpenAndServeAsync(new Opening(transport, options, context, isFull) { Faults = _faults });
        return default;
    }

    private async Task OpenAndServeAsync(Opening opening)
    {
        _openings[opening] = true;
        ClientConnection? client;
        try
        {
            client = await opening.RunAsync(options.Transport == ListenerTransport.Quic ? null : _certificates, _webSockets, _hooks);
        }
#pragma warning disable CA1031 // A defect in the handling of one client must not reach any other.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            LogConnectionFailed(context.Logger, exception, opening.Remote);
            client = null;
        }
        finally
        {
            _openings.TryRemove(opening, out _);
            opening.End();
        }
        if (opening.Hooked is { } hooked) await _hooks!.ServeAsync(hooked, () => ServeAsync(client!, context.Logger));
        else if (client is not null) await ServeAsync(client, context.Logger);
        _slots?.Leave(opening.IsFull);
    }

    /// <summary>Serves a client to its end. Never throws.</summary>
    internal static async Task ServeAsync(ClientConnection client, ILogger logger)
    {
        try
        {
            await client.RunAsync();
        }
#pragma warning disable CA1031 // A defect in the handling of one client must not reach any other.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            LogConnectionFailed(logger, exception, client.Remote);
        }
    }

    [LoggerMessage(300, LogLevel.Warning, "Listener {Listener}: a connection could not be accepted; going on.")]
    private static partial void LogAcceptFailed(ILogger logger, Exception exception, string listener);

    [LoggerMessage(301, LogLevel.Error, "The connection from {Remote} ended with an unexpected error.")]
    private static partial void LogConnectionFailed(ILogger logger, Exception exception, string? remote);
}
