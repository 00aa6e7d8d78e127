using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans;
using Orleans.Clustering.Redis;
using Orleans.Configuration;
using Orleans.Connections.Security;
using Orleans.Hosting;
using Orleans.Runtime;
using Orleans.Serialization;
using OrleansMqtt.Grains.Hosting;
using OrleansMqtt.Hosting.Configuration;
using OrleansMqtt.Leases;
using OrleansMqtt.Storage.Redis;
using StackExchange.Redis;

namespace OrleansMqtt.Hosting.Running;

/// <summary>How silos and clients find each other with Microsoft Orleans.</summary>
internal static class ActorRuntime
{
    private static readonly TimeSpan ConnectPause = TimeSpan.FromSeconds(0.5);

    // The registry of gateways begins anew when the loss of its silo has been found out, which takes seconds (see DetectSoon): by then no gateway's lease may be over.
    private static readonly LeaseTimes Leases = new() { Gateway = TimeSpan.FromSeconds(10) };

    /// <summary>Makes a silo one of a cluster.</summary>
    /// <param name="silo">The silo.</param>
    /// <param name="cluster">The cluster.</param>
    /// <param name="reachedAt">Says where others reach the silo, when it starts.</param>
    /// <param name="redis">Where they find each other.</param>
    public static ISiloBuilder JoinCluster(this ISiloBuilder silo, ClusterSettings cluster, Func<IPEndPoint> reachedAt, RedisStoreOptions redis)
    {
        if (cluster.Tls is { } tls) silo.UseTls(tls.Certificate, options => Secure(options, tls));
        silo.Services.AddSingleton<IGrainMoves, GrainMoves>();
        silo.Services.AddMqttLeases(Leases).Configure<ExceptionSerializationOptions>(SendOurs);
        return silo
            .AddOutgoingGrainCallFilter<CallsFromOutside>()
            .Configure<EndpointOptions>(options => Listen(options, cluster.Bind, reachedAt()))
            .Configure<ClusterMembershipOptions>(DetectSoon)
            .UseRedisClustering(options => options.ConfigurationOptions = ConfigurationOptions.Parse(redis.ConnectionString));
    }

    /// <summary>Makes a client one of a cluster.</summary>
    public static IClientBuilder JoinCluster(this IClientBuilder client, ClusterSettings cluster, RedisStoreOptions redis)
    {
        if (cluster.Tls is { } tls) client.UseTls(tls.Certificate, options => Secure(options, tls));
        client.Services.AddMqttLeases(Leases).Configure<ExceptionSerializationOptions>(SendOurs);
        return client
            .Configure<GatewayOptions>(static options => options.GatewayListRefreshPeriod = TimeSpan.FromSeconds(2))
            .UseConnectionRetryFilter(WaitForSiloAsync)
            .UseRedisClustering(options => options.ConfigurationOptions = ConfigurationOptions.Parse(redis.ConnectionString));
    }

    /// <summary>Makes a silo the only one.</summary>
    // Orleans listens also then; at its own port a second broker on the machine could not start.
    public static ISiloBuilder RunAlone(this ISiloBuilder silo) => silo.UseLocalhostClustering().Configure<EndpointOptions>(static options =>
    {
        var any = new IPEndPoint(IPAddress.Loopback, 0);
        Listen(options, any, any);
    });

    // A silo that was killed is found out in about two seconds, one that hangs in about three; with Orleans' own times it takes up to a minute. Not less: a silo that starts on a
    // machine that is busy, and must do its first handshakes of TLS, needs more than a second for an answer.
    private static void DetectSoon(ClusterMembershipOptions options)
    {
        options.ProbeTimeout = TimeSpan.FromSeconds(0.75);
        options.MaxProbeTimeout = TimeSpan.FromSeconds(1);
        options.NumMissedProbesLimit = 3;
        options.TableRefreshTimeout = TimeSpan.FromSeconds(5);
        // Also a silo that stops tries for that long to say so, when Redis is away.
        options.MaxJoinAttemptTime = TimeSpan.FromSeconds(30);
    }

    // Without it a caller hears of a store that is away that the answer could not be read.
    private static void SendOurs(ExceptionSerializationOptions options) => options.SupportedNamespacePrefixes.Add(nameof(OrleansMqtt));

    // Orleans takes no 0 for any port that is free. For clients it listens at a port of its own, which they read from the table.
    private static void Listen(EndpointOptions options, IPEndPoint bind, IPEndPoint reached)
    {
        using TcpListener silo = new(bind.Address, 0), gateway = new(bind.Address, 0);
        silo.Start();
        gateway.Start();
        options.AdvertisedIPAddress = reached.Address;
        options.SiloPort = reached.Port != 0 ? reached.Port : ((IPEndPoint)silo.LocalEndpoint).Port;
        options.GatewayPort = ((IPEndPoint)gateway.LocalEndpoint).Port;
        options.SiloListeningEndpoint = new IPEndPoint(bind.Address, bind.Port != 0 ? bind.Port : options.SiloPort);
        options.GatewayListeningEndpoint = new IPEndPoint(bind.Address, options.GatewayPort);
    }

    // What a client answers to a grain goes where the silo between them remembers that grain, which may be the wrong place for some time after it has begun; then the answer is lost. What it answers
    // to a silo reaches it.
    private sealed class CallsFromOutside : IOutgoingGrainCallFilter
    {
        public Task Invoke(IOutgoingGrainCallContext context) => context.SourceId is not null && context.TargetId.IsClient() ? Task.Run(context.Invoke) : context.Invoke();
    }

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

    // Grains go where they are called: nobody says when the last of a silo that is lost has come.
    private sealed class GrainMoves(IClusterMembershipService membership) : IGrainMoves
    {
        public long Version => membership.CurrentSnapshot.Version.Value;

        public Task Settled => Task.CompletedTask;
    }
}
