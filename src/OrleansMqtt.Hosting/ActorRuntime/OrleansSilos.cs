using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Orleans;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.Runtime;
using Orleans.Serialization;
using OrleansMqtt.Grains.Hosting;

namespace OrleansMqtt.Hosting.Running;

/// <summary>What silos and clients of Microsoft Orleans are told, wherever they find each other.</summary>
internal static class OrleansSilos
{
    /// <summary>Makes a silo one that the broker can run on.</summary>
    /// <param name="silo">The silo.</param>
    /// <param name="bind">Where it listens; port 0 is any that is free.</param>
    /// <param name="reachedAt">Says where others reach it, when it starts.</param>
    public static ISiloBuilder ConfigureForMqtt(this ISiloBuilder silo, IPEndPoint bind, Func<IPEndPoint> reachedAt)
    {
        silo.Services.AddSingleton<IGrainMoves, GrainMoves>();
        silo.Services.Configure<ExceptionSerializationOptions>(SendOurs);
        return silo
            .AddOutgoingGrainCallFilter<CallsFromOutside>()
            .Configure<EndpointOptions>(options => Listen(options, bind, reachedAt()))
            .Configure<ClusterMembershipOptions>(DetectSoon);
    }

    /// <summary>Makes a client one that a gateway can run on.</summary>
    /// <param name="client">The client.</param>
    /// <param name="refresh">How often it reads which silos there are.</param>
    public static IClientBuilder ConfigureForMqtt(this IClientBuilder client, TimeSpan refresh)
    {
        client.Services.Configure<ExceptionSerializationOptions>(SendOurs);
        return client.Configure<GatewayOptions>(options => options.GatewayListRefreshPeriod = refresh);
    }

    /// <summary>Has a silo listen for others and for clients.</summary>
    // Orleans takes no 0 for any port that is free. For clients it listens at a port of its own, which they read from the table.
    public static void Listen(EndpointOptions options, IPEndPoint bind, IPEndPoint reached)
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

    // What a client answers to a grain goes where the silo between them remembers that grain, which may be the wrong place for some time after it has begun; then the answer is lost. What it answers
    // to a silo reaches it.
    private sealed class CallsFromOutside : IOutgoingGrainCallFilter
    {
        public Task Invoke(IOutgoingGrainCallContext context) => context.SourceId is not null && context.TargetId.IsClient() ? Task.Run(context.Invoke) : context.Invoke();
    }

    // Grains go where they are called: nobody says when the last of a silo that is lost has come.
    private sealed class GrainMoves(IClusterMembershipService membership) : IGrainMoves
    {
        public long Version => membership.CurrentSnapshot.Version.Value;

        public Task Settled => Task.CompletedTask;
    }
}
