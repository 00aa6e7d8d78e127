using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans;
using Orleans.Clustering.Redis;
using Orleans.Configuration;
using Orleans.Connections.Security;
using Orleans.Hosting;
using OrleansMqtt.Hosting.Configuration;
using OrleansMqtt.Leases;
using OrleansMqtt.Storage.Redis;
using StackExchange.Redis;

namespace OrleansMqtt.Hosting.Running;

/// <summary>How silos and clients find each other with Microsoft Orleans.</summary>
internal static class ActorRuntime
{
    private static readonly TimeSpan ConnectPause = TimeSpan.FromSeconds(0.5);

    // The registry of gateways begins anew when the loss of its silo has been found out, which takes seconds (see OrleansSilos.DetectSoon): by then no gateway's lease may be over.
    private static readonly LeaseTimes Leases = new() { Gateway = TimeSpan.FromSeconds(10) };

    /// <summary>Makes a silo one of a cluster.</summary>
    /// <param name="silo">The silo.</param>
    /// <param name="cluster">The cluster.</param>
    /// <param name="reachedAt">Says where others reach the silo, when it starts.</param>
    /// <param name="redis">Where they find each other.</param>
    public static ISiloBuilder JoinCluster(this ISiloBuilder silo, ClusterSettings cluster, Func<IPEndPoint> reachedAt, RedisStoreOptions redis)
    {
        if (cluster.Tls is { } tls) silo.UseTls(tls.Certificate, options => Secure(options, tls));
        silo.Services.AddMqttLeases(Leases);
        return silo
            .ConfigureForMqtt(cluster.Bind, reachedAt)
            .UseRedisClustering(options => options.ConfigurationOptions = ConfigurationOptions.Parse(redis.ConnectionString));
    }

    /// <summary>Makes a client one of a cluster.</summary>
    public static IClientBuilder JoinCluster(this IClientBuilder client, ClusterSettings cluster, RedisStoreOptions redis)
    {
        if (cluster.Tls is { } tls) client.UseTls(tls.Certificate, options => Secure(options, tls));
        client.Services.AddMqttLeases(Leases);
        return client
            .ConfigureForMqtt(TimeSpan.FromSeconds(2))
            .UseConnectionRetryFilter(WaitForSiloAsync)
            .UseRedisClustering(options => options.ConfigurationOptions = ConfigurationOptions.Parse(redis.ConnectionString));
    }

    /// <summary>Makes a silo the only one.</summary>
    // Orleans listens also then; at its own port a second broker on the machine could not start.
    public static ISiloBuilder RunAlone(this ISiloBuilder silo) => silo.UseLocalhostClustering().Configure<EndpointOptions>(static options =>
    {
        var any = new IPEndPoint(IPAddress.Loopback, 0);
        OrleansSilos.Listen(options, any, any);
    });

    // A gateway may start before the silos do.
    private static async Task<bool> WaitForSiloAsync(Exception failure, CancellationToken cancellationToken)
    {
        await Task.Delay(ConnectPause, TimeProvider.System, cancellationToken);
        return true;
    }

    // Both sides show a certificate, and only those of the cluster's own authorities count.
    private static void Secure(TlsOptions options, ClusterTls tls)
    {
        (options.RemoteCertificateMode, options.ClientCertificateMode) = (RemoteCertificateMode.RequireCertificate, RemoteCertificateMode.RequireCertificate);
        options.OnAuthenticateAsServer = (_, authentication) =>
        {
            var server = (SslServerAuthenticationOptions)authentication.SslServerAuthenticationOptions;
            (server.ClientCertificateRequired, server.CertificateChainPolicy) = (true, Policy(tls));
        };
        options.OnAuthenticateAsClient = (connection, authentication) =>
        {
            var client = (SslClientAuthenticationOptions)authentication.SslClientAuthenticationOptions;
            client.CertificateChainPolicy = Policy(tls);
            client.TargetHost = tls.ServerName ?? ((IPEndPoint)connection.RemoteEndPoint!).Address.ToString();
        };
    }

    private static X509ChainPolicy Policy(ClusterTls tls)
    {
        // A cluster's own authority publishes no list of revoked certificates; who is to be kept out is taken off the authority.
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.AddRange(tls.Authorities);
        return policy;
    }
}
