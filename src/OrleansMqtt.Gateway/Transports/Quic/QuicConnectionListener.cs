using System.Net;
using System.Net.Quic;
using System.Net.Security;
using System.Runtime.Versioning;
using System.Threading.Channels;
using Microsoft.AspNetCore.Connections;
using OrleansMqtt.Gateway.Listeners.Tls;

namespace OrleansMqtt.Gateway.Transports.Quic;

/// <summary>
/// Accepts QUIC connections, and of each the one stream, opened by the client, that MQTT travels by. The handshakes of many clients are under way at once.
/// </summary>
[SupportedOSPlatform("linux")]
[SupportedOSPlatform("macos")]
[SupportedOSPlatform("windows")]
internal sealed class QuicConnectionListener : IConnectionListener
{
    // Of the application, as error codes of QUIC are: MQTT defines none.
    private const long NoError = 0, ProtocolError = 1;
    private const int MostWaiting = 1024;
    private static readonly SslApplicationProtocol Mqtt = new("mqtt");
    private readonly QuicListener _listener;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Channel<ConnectionContext> _opened = Channel.CreateBounded<ConnectionContext>(MostWaiting);
    private readonly TimeSpan _openingTime;
    private readonly TimeProvider _time;
    private readonly Action _failed;
    private readonly Task _accepting;

    private QuicConnectionListener(QuicListener listener, TimeSpan openingTime, TimeProvider time, Action failed)
    {
        (_listener, _openingTime, _time, _failed) = (listener, openingTime, time, failed);
        _accepting = AcceptAllAsync();
    }

    /// <inheritdoc/>
    public EndPoint EndPoint => _listener.LocalEndPoint;

    /// <summary>Binds.</summary>
    /// <param name="endPoint">Where to listen, for UDP.</param>
    /// <param name="certificates">What handshakes go by.</param>
    /// <param name="openingTime">How long a client may take to its first bytes.</param>
    /// <param name="time">The clock.</param>
    /// <param name="failed">Called for a connection that has ended before.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<QuicConnectionListener> BindAsync(
        IPEndPoint endPoint, WatchedCertificates certificates, TimeSpan openingTime, TimeProvider time, Action failed, CancellationToken cancellationToken)
    {
        var listener = await QuicListener.ListenAsync(
            new QuicListenerOptions
            {
                ListenEndPoint = endPoint,
                ApplicationProtocols = [Mqtt],
                ConnectionOptionsCallback = (_, hello, _) => new(OptionsFor(certificates.Current, hello.ServerName, openingTime)),
            },
            cancellationToken);
        return new QuicConnectionListener(listener, openingTime, time, failed);
    }

    /// <inheritdoc/>
    public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
    {
        while (await _opened.Reader.WaitToReadAsync(cancellationToken))
            if (_opened.Reader.TryRead(out var connection)) return connection;
        return null;
    }

    /// <inheritdoc/>
    public async ValueTask UnbindAsync(CancellationToken cancellationToken = default)
    {
        await _stopping.CancelAsync();
        await _accepting;
        _opened.Writer.TryComplete();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await UnbindAsync();
        await _listener.DisposeAsync();
        _stopping.Dispose();
    }

    private static QuicServerConnectionOptions OptionsFor(ServerCertificates certificates, string host, TimeSpan openingTime)
    {
        var tls = certificates.OptionsFor(host, (_, certificate, chain, errors) => certificates.Refuse(certificate, chain, errors) is null);
        tls.ApplicationProtocols = [Mqtt];
        return new QuicServerConnectionOptions
        {
            ServerAuthenticationOptions = tls,
            DefaultStreamErrorCode = NoError,
            DefaultCloseErrorCode = NoError,
            MaxInboundBidirectionalStreams = 1,
            MaxInboundUnidirectionalStreams = 0,
            HandshakeTimeout = openingTime,
            // MQTT's keep alive says when a client is gone.
            IdleTimeout = Timeout.InfiniteTimeSpan,
        };
    }

    private async Task AcceptAllAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                _ = OpenAsync(await _listener.AcceptConnectionAsync(_stopping.Token));
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (Exception exception) when (exception is QuicException or System.Security.Authentication.AuthenticationException)
            {
                // A handshake that has failed; the listener goes on.
                _failed();
            }
        }
    }

    private async Task OpenAsync(QuicConnection connection)
    {
        using var time = new CancellationTokenSource(_openingTime, _time);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(time.Token, _stopping.Token);
        try
        {
            var stream = await connection.AcceptInboundStreamAsync(end.Token);
            await _opened.Writer.WriteAsync(new QuicStreamConnection(connection, stream), end.Token);
        }
        catch (Exception exception) when (exception is QuicException or OperationCanceledException or ChannelClosedException or ObjectDisposedException)
        {
            _failed();
            await connection.CloseAsync(ProtocolError);
            await connection.DisposeAsync();
        }
    }
}
