using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Connections;

namespace OrleansMqtt.Actors.Networking.Transports;

/// <summary>TLS over another transport.</summary>
internal sealed class TlsTransport(ITransport inner, TlsOptions options) : ITransport
{
    private readonly SslStreamCertificateContext _certificate = SslStreamCertificateContext.Create(options.Certificate, options.Authorities, offline: true);

    public ValueTask<IConnectionListener> ListenAsync(EndPoint endPoint, CancellationToken cancellation = default) =>
        inner.ListenAsync(endPoint, cancellation);

    public async ValueTask<ConnectionContext> AdmitAsync(ConnectionContext accepted, CancellationToken cancellation = default)
    {
        var admitted = await inner.AdmitAsync(accepted, cancellation).ConfigureAwait(false);
        return await TlsConnection.OpenAsync(admitted, stream => stream.AuthenticateAsServerAsync(
            new SslServerAuthenticationOptions
            {
                ServerCertificateContext = _certificate,
                ClientCertificateRequired = true,
                CertificateChainPolicy = Policy(),
            },
            cancellation)).ConfigureAwait(false);
    }

    public async ValueTask<ConnectionContext> ConnectAsync(EndPoint endPoint, CancellationToken cancellation = default)
    {
        var connected = await inner.ConnectAsync(endPoint, cancellation).ConfigureAwait(false);
        try
        {
            return await TlsConnection.OpenAsync(connected, stream => stream.AuthenticateAsClientAsync(
                new SslClientAuthenticationOptions
                {
                    TargetHost = options.ServerName ?? HostOf(endPoint),
                    ClientCertificateContext = _certificate,
                    CertificateChainPolicy = Policy(),
                },
                cancellation)).ConfigureAwait(false);
        }
        catch
        {
            connected.Abort(new ConnectionAbortedException("no TLS"));
            await connected.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private static string HostOf(EndPoint endPoint) => endPoint switch
    {
        IPEndPoint ip => ip.Address.ToString(),
        DnsEndPoint dns => dns.Host,
        _ => endPoint.ToString() ?? "",
    };

    private X509ChainPolicy Policy()
    {
        // A cluster's own authority publishes no list of revoked certificates; who is to be kept out is taken off the authority.
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.AddRange(options.Authorities);
        return policy;
    }
}
