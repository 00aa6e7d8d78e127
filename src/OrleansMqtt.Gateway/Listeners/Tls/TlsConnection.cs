using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Connections;
using OrleansMqtt.Gateway.Transports.Layers;

namespace OrleansMqtt.Gateway.Listeners.Tls;

/// <summary>A connection whose bytes are encrypted on another one.</summary>
internal sealed class TlsConnection : LayeredConnection
{
    private readonly SslStream _tls;

    private TlsConnection(ConnectionContext below, TransportStream bytes, SslStream tls) : base(below, bytes, tls)
    {
        _tls = tls;
        Certificate = tls.RemoteCertificate as X509Certificate2;
    }

    /// <inheritdoc/>
    public override X509Certificate2? Certificate { get; }

    /// <summary>Does the handshake, off the threads that read sockets. If it fails, <paramref name="below"/> remains the caller's.</summary>
    /// <exception cref="System.Security.Authentication.AuthenticationException">The client can't be agreed with, or has not proved who it is.</exception>
    /// <exception cref="IOException">The client has gone, or does not speak TLS.</exception>
    public static async Task<TlsConnection> OpenAsync(ConnectionContext below, ServerCertificates certificates, HandshakeTurns turns)
    {
        var bytes = new TransportStream(below.Transport);
        // Who says nothing costs no handshake's memory.
        await bytes.WaitAsync();
        var tls = new SslStream(bytes, leaveInnerStreamOpen: true);
        bytes.BeginHandshake(turns);
        try
        {
            await certificates.AuthenticateAsync(tls);
            return new TlsConnection(below, bytes, tls);
        }
        catch
        {
            await tls.DisposeAsync();
            throw;
        }
        finally
        {
            bytes.EndHandshake();
        }
    }

    /// <inheritdoc/>
    protected override async ValueTask SayGoodbyeAsync() => await _tls.ShutdownAsync();
}
