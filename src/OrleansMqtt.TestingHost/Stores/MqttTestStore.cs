using Microsoft.Extensions.DependencyInjection;
using Orleans.Hosting;
using Orleans.Storage;
using OrleansMqtt.Grains.Storage;
using OrleansMqtt.Storage;
using OrleansMqtt.TestingHost.Runtime;
using OrleansMqtt.TestingHost.Stores;

namespace OrleansMqtt.TestingHost;

/// <summary>
/// The store of a test cluster, in memory: all silos share it, and it outlives each of them. Given to a second cluster, after the first has ended, it is what a restart of
/// everything finds.
/// </summary>
public sealed class MqttTestStore
{
    private readonly MemorySessionLog _log = new();
    private readonly MemoryDeadlineStore _deadlines = new();
    private readonly MemoryConnectionStore _connections = new();
    private readonly RetainedTestStore _retained = new();
    private readonly SubscriptionTestStore _subscriptions = new();

    // Nothing that the broker claims in it ends by time.
    private readonly MemoryLeaseStore _leases = new(TimeProvider.System);
    private readonly IGrainStorage _documents = ClusterRuntime.NewGrainStorage();

    /// <summary>Makes a silo use it, for the broker's grains and for <c>IPersistentState</c> without a storage name.</summary>
    /// <param name="silo">The silo.</param>
    public void AddTo(ISiloBuilder silo)
    {
        ArgumentNullException.ThrowIfNull(silo);
        AddGrainStorageTo(silo, "Default");
        silo.Services.AddSingleton(_documents);
        silo.Services.AddSingleton<IStoreStatus, MemoryStoreStatus>();
        silo.Services.AddSingleton<ISessionLog>(_log);
        silo.Services.AddSingleton<IRetainedStore>(_retained);
        silo.Services.AddSingleton<ISubscriptionStore>(_subscriptions);
        silo.Services.AddSingleton<IDeadlineStore>(_deadlines);
        silo.Services.AddSingleton<IConnectionStore>(_connections);
        silo.Services.AddSingleton<ILeaseStore>(_leases);
    }

    /// <summary>Makes it the grain storage of that name as well. States of one grain under one state name are the same in all of them.</summary>
    /// <param name="silo">The silo.</param>
    /// <param name="name">What <c>[PersistentState]</c> names.</param>
    public void AddGrainStorageTo(ISiloBuilder silo, string name)
    {
        ArgumentNullException.ThrowIfNull(silo);
        silo.Services.AddKeyedSingleton(name, _documents);
    }
}
