using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace OrleansMqtt.Cli.Bench.Clients;

/// <summary>A broker's address and the way in, found once for all connections.</summary>
internal sealed class BrokerDoor
{
    private readonly BrokerSettings _broker;
    private readonly X509ChainPolicy? _trust;

    private BrokerDoor(BrokerSettings broker, IPEndPoint endPoint, X509Certificate2Collection? authorities)
    {
        (_broker, EndPoint) = (broker, endPoint);
        if (authorities is null) return;
        _trust = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        _trust.CustomTrustStore.AddRange(authorities);
    }

    /// <summary>Where it is.</summary>
    public IPEndPoint EndPoint { get; }

    /// <summary>Looks the host up and reads the file of authorities.</summary>
    /// <returns>The door, or a sentence that says why there is none.</returns>
    public static async Task<(BrokerDoor? Door, string? Problem)> FindAsync(BrokerSettings broker, CancellationToken cancellationToken)
    {
        try
        {
            X509Certificate2Collection? authorities = null;
            if (broker.AuthorityFile is { } file) (authorities = []).ImportFromPemFile(file);
            var addresses = await Dns.GetHostAddressesAsync(broker.Host, cancellationToken);
            // The older family first: a broker that listens on one family only, listens on that.
            var address = addresses.OrderBy(static a => a.AddressFamily != AddressFamily.InterNetwork).FirstOrDefault();
            return address is null ? (null, $"Host {broker.Host} has no address.") : (new BrokerDoor(broker, new IPEndPoint(address, broker.Port), authorities), null);
        }
        catch (SocketException exception)
        {
            return (null, $"Host {broker.Host} was not found: {exception.Message.TrimEnd('.')}.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or CryptographicException)
        {
            return (null, $"File {broker.AuthorityFile} could not be read: {exception.Message.TrimEnd('.')}.");
        }
    }

    /// <summary>Whether an exception says that <see cref="OpenAsync"/> did not get in.</summary>
    public static bool IsShut(Exception exception) =>
        exception is SocketException or IOException or AuthenticationException or WebSocketException or HttpRequestException;

    /// <summary>Opens a connection that packets can be written to.</summary>
    /// <param name="socket">A new socket, which is connected.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    public async Task<Stream> OpenAsync(Socket socket, CancellationToken cancellationToken)
    {
        await socket.ConnectAsync(EndPoint, cancellationToken);
        var stream = new NetworkStream(socket);
        switch (_broker.Transport)
        {
            case BrokerTransport.Tcp:
                return stream;
            case BrokerTransport.Tls:
                var tls = new SslStream(stream);
                await tls.AuthenticateAsClientAsync(TlsOptions(), cancellationToken);
                return tls;
            default:
                return await OpenWebSocketAsync(stream, cancellationToken);
        }
    }

    private async Task<Stream> OpenWebSocketAsync(Stream stream, CancellationToken cancellationToken)
    {
        var isTls = _broker.Transport == BrokerTransport.Wss;
        using var handler = new SocketsHttpHandler { ConnectCallback = (_, _) => ValueTask.FromResult(stream), SslOptions = TlsOptions(), UseProxy = false };
        using var invoker = new HttpMessageInvoker(handler);
        var socket = new ClientWebSocket();
        socket.Options.AddSubProtocol("mqtt"); // [MQTT-6.0.0-3]
        socket.Options.KeepAliveInterval = TimeSpan.Zero;
        await socket.ConnectAsync(new UriBuilder(isTls ? "wss" : "ws", _broker.Host, _broker.Port, _broker.Path).Uri, invoker, cancellationToken);
        return WebSocketStream.Create(socket, WebSocketMessageType.Binary, ownsWebSocket: true); // [MQTT-6.0.0-1]
    }

    private SslClientAuthenticationOptions TlsOptions() => new() { TargetHost = _broker.Host, CertificateChainPolicy = _trust };
}
