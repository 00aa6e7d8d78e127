using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;
using OrleansMqtt.Gateway.Connections;
using OrleansMqtt.Gateway.Hosting;

namespace OrleansMqtt.Gateway.Listeners;

/// <summary>
/// One listening socket: accepts until it is told to stop. Which transport runs is the factory's choice. A failed accept never ends it.
/// </summary>
internal sealed partial class TcpListener(ListenerOptions options, IConnectionListenerFactory transports, GatewayContext context) : IAsyncDisposable
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(100);
    private readonly CancellationTokenSource _stopping = new();
    private IConnectionListener? _listener;
    private Task _accepting = Task.CompletedTask;

    /// <summary>Where it listens, with the port that was taken.</summary>
    public EndPoint EndPoint => _listener!.EndPoint;

    /// <summary>Name and scheme.</summary>
    public ListenerOptions Options => options;

    /// <summary>Binds and begins to accept.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        _listener = await transports.BindAsync(options.Bind, cancellationToken);
        _accepting = AcceptAsync(_listener);
    }

    /// <summary>Accepts no more. Open connections stay.</summary>
    public async ValueTask StopAsync(CancellationToken cancellationToken)
    {
        if (_listener is null) return;
        await _stopping.CancelAsync();
        await _listener.UnbindAsync(cancellationToken);
        await _accepting;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_listener is not null) await _listener.DisposeAsync();
        _stopping.Dispose();
    }

    private async Task AcceptAsync(IConnectionListener listener)
    {
        while (true)
        {
            try
            {
                if (await listener.AcceptAsync() is not { } transport) return;
                context.Metrics.CountAccepted();
                _ = ServeAsync(transport);
            }
#pragma warning disable CA1031 // Out of file descriptors, a reset before accept: the listener goes on.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                LogAcceptFailed(context.Logger, exception, options.Name);
                await Task.Delay(RetryDelay, context.Time, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task ServeAsync(ConnectionContext transport)
    {
        try
        {
            await new ClientConnection(transport, options, context).RunAsync();
        }
#pragma warning disable CA1031 // A defect in the handling of one client must not reach any other.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            LogConnectionFailed(context.Logger, exception, transport.RemoteEndPoint?.ToString());
        }
    }

    [LoggerMessage(300, LogLevel.Warning, "Listener {Listener}: a connection could not be accepted; going on.")]
    private static partial void LogAcceptFailed(ILogger logger, Exception exception, string listener);

    [LoggerMessage(301, LogLevel.Error, "The connection from {Remote} ended with an unexpected error.")]
    private static partial void LogConnectionFailed(ILogger logger, Exception exception, string? remote);
}
