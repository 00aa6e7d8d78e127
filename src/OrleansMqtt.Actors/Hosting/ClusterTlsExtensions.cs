using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using OrleansMqtt.Actors.Networking.Transports;

namespace OrleansMqtt.Actors.Hosting;

/// <summary>TLS between the processes of a cluster.</summary>
public static class ClusterTlsExtensions
{
    /// <summary>
    /// Makes this process speak TLS with the others of its cluster, silos and clients alike. Both sides of each connection show a certificate, and only those of the
    /// cluster's own authorities are let in; the machine's trust does not count, and lists of revoked certificates are not asked for.
    /// </summary>
    /// <param name="services">The services of a silo or client.</param>
    /// <param name="certificate">The certificate of this process, with its private key.</param>
    /// <param name="authorities">Who may issue certificates of the cluster's processes.</param>
    /// <param name="serverName">The name that a silo's certificate must bear; null: the address at which the silo is reached.</param>
    public static IServiceCollection AddClusterTls(this IServiceCollection services, X509Certificate2 certificate, X509Certificate2Collection authorities, string? serverName = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        var options = new TlsOptions { Certificate = certificate, Authorities = authorities, ServerName = serverName };
        services.TryAddSingleton<SocketTransport>();
        return services.AddSingleton<ITransport>(provider => new TlsTransport(provider.GetRequiredService<SocketTransport>(), options));
    }
}
