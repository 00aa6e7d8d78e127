using Microsoft.Extensions.DependencyInjection;
using Orleans.Hosting;
using Orleans.Storage;
using Orleans.TestingHost;
using OrleansMqtt.Actors.Activations;
using OrleansMqtt.Actors.Clusters;
using OrleansMqtt.Actors.Hosting;
using OrleansMqtt.Actors.Membership;
using OrleansMqtt.Actors.Persistence;
using OrleansMqtt.Grains.Hosting;
using OrleansMqtt.Leases;

namespace OrleansMqtt.TestingHost.Runtime;

/// <summary>All that a test cluster takes from the bundled actor runtime besides Orleans' own API: silos and clients over a membership table and a network in memory.</summary>
internal sealed class ClusterRuntime : IAsyncDisposable
{
    private readonly NetworkWiring _wiring = new();

    /// <summary>How long a gateway's lease has to be: it outlasts the time in which a silo is held for dead.</summary>
    public static TimeSpan GatewayLease { get; } = TimeSpan.FromSeconds(2.5);

    /// <summary>A storage of documents.</summary>
    public static IGrainStorage NewGrainStorage() => new MemoryGrainStorage();

    /// <summary>Makes a silo one of the cluster.</summary>
    public void Add(ISiloBuilder silo, int number)
    {
        _wiring.Configure(silo, number);
        silo.UseStorageReminderService();
        silo.Services.AddSingleton<ISiloFence>(static provider => new SiloFence(provider.GetRequiredService<IFencedMembership>()));
        silo.Services.AddSingleton<IGrainMoves>(static provider => new GrainMoves(provider.GetRequiredService<IFencedMembership>()));
    }

    /// <summary>Gives the grains that are not the broker's own another clock.</summary>
    public static void AddGrainTime(ISiloBuilder silo, TimeProvider time) => silo.Services.AddSingleton(new GrainTime(time, static type => type.Assembly != typeof(MqttSiloExtensions).Assembly));

    /// <summary>Makes a gateway's client one of the cluster.</summary>
    // 0 is the cluster's own client.
    public void Add(IClientBuilder client, int number) => _wiring.Configure(client, number + 1);

    /// <summary>Starts the cluster's own client; a silo must run.</summary>
    public Task<IClusterClient> StartClientAsync(TestClusterOptions options, Action<IClientBuilder> configure) => _wiring.StartClientAsync(options, configure);

    /// <summary>Ends a client as the death of its process would: nothing more goes to silos or comes from them.</summary>
    public static ValueTask SeverAsync(IServiceProvider client) => client.GetRequiredService<ClusterClient>().DisposeAsync();

    /// <summary>Whether a silo knows these silos and no others, and has its part of the grains.</summary>
    public static bool SiloKnows(IServiceProvider silo, IReadOnlySet<SiloAddress> silos) => Knows(silo.GetRequiredService<SiloMember>(), silos);

    /// <summary>Whether a client knows these silos and no others.</summary>
    public static bool ClientKnows(IServiceProvider client, IReadOnlySet<SiloAddress> silos) => Knows(client.GetRequiredService<ClusterClient>(), silos);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _wiring.DisposeAsync();

    private static bool Knows(IClusterMember member, IReadOnlySet<SiloAddress> silos) => silos.SetEquals(member.View.Placement.Silos) && member.Settled.IsCompletedSuccessfully;
}
