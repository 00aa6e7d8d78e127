using System.Collections.Immutable;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Orleans.Storage;
using OrleansMqtt.Gateways;
using OrleansMqtt.Grains.Storage;
using OrleansMqtt.Grains.Topics;
using OrleansMqtt.Leases;
using OrleansMqtt.Sessions;
using OrleansMqtt.Storage;
using OrleansMqtt.Storage.Specification.Faults;
using OrleansMqtt.Tests;

namespace OrleansMqtt.Grains.Tests.Support;

/// <summary>
/// Stores that outlive the silos that use them. Each silo has a clock of its own, and one whose clock stands is as good as dead: nothing comes from it but
/// what the test calls.
/// </summary>
internal sealed class LastingStores
{
    /// <summary>The gateway of the first silo.</summary>
    public const string Gateway = "gateway of the first";

    public MemorySessionLog Log { get; } = new();

    public MemoryDeadlineStore Deadlines { get; } = new();

    public MemoryConnectionStore Connections { get; } = new();

    public LastingRoutes Routes { get; } = new();

    public LastingRetained Retained { get; } = new();

    public JsonGrainStorage Documents { get; } = new();

    /// <summary>Their clock stands: what is claimed in them never ends by itself.</summary>
    public MemoryLeaseStore Leases { get; } = new(new ManualTimeProvider());

    /// <summary>Called when the connections are asked for.</summary>
    public Action? Asked { get; set; }

    /// <summary>What becomes of the next writes of documents.</summary>
    public FaultPlan DocumentFaults { get; } = new();

    /// <summary>What becomes of the next writes of session logs.</summary>
    public FaultPlan LogFaults { get; } = new();

    /// <summary>A silo over these stores whose clock shows <paramref name="after"/> more than that of the first one.</summary>
    public Task<TestSilo> StartAsync(TimeSpan after = default, bool recovers = false, LeaseTimes? cluster = null, bool waits = true)
    {
        var time = new ManualTimeProvider();
        time.Advance(after);
        return TestSilo.StartAsync(Install, time, recovers, cluster, waits);
    }

    /// <summary>A silo that takes over from others, which had given back their partitions. It has not started before it knows what each gateway wants.</summary>
    public async Task<TestSilo> StartSuccessorAsync(LeaseTimes cluster)
    {
        foreach (var lease in await Leases.ReadAsync("topic/")) await Leases.ReleaseAsync(lease);
        return await StartAsync(cluster: cluster, waits: false);
    }

    /// <summary>The messages in a client's log.</summary>
    public async Task<List<string>> ReadAsync(string clientId) => [.. (await Log.ReadAsync(clientId, 0, 100)).Select(static s => s.Entry.Message.Text())];

    /// <summary>All due times.</summary>
    public async Task<List<Deadline>> ReadDeadlinesAsync()
    {
        var all = new List<Deadline>();
        for (var shard = 0; shard < 16; shard++) all.AddRange(await Deadlines.LoadAsync(shard));
        return all;
    }

    /// <summary>The clients that a gateway's list names.</summary>
    public async Task<List<string>> ReadConnectionsAsync(string gateway) => [.. (await Connections.ReadAsync(gateway)).Select(static c => c.ClientId).Order()];

    /// <summary>The first silo, with a session <c>s</c> that has subscribed to the topic of the wills and is away.</summary>
    public async Task<TestSilo> StartFirstAsync(LeaseTimes? cluster = null)
    {
        var silo = await StartAsync(cluster: cluster);
        var subscriber = await silo.Session("s").ConnectAsync(Request(silo, Gateway));
        await silo.Session("s").SubscribeAsync(subscriber.Epoch, [new SessionSubscription("will", Samples.Options())]);
        await silo.Session("s").DisconnectAsync(subscriber.Epoch, new DisconnectRequest(PublishWill: false));
        return silo;
    }

    /// <summary>Connects a client with a will, <c>bye</c> at QoS 1.</summary>
    public static Task<ConnectOutcome> ConnectAsync(TestSilo silo, string clientId, uint sessionExpiry, uint delay = 0) => silo.Session(clientId).ConnectAsync(
        Request(silo, Gateway) with { SessionExpiry = sessionExpiry, Will = new WillMessage(Samples.Message("will", "bye"), delay, null) });

    /// <summary>A client without a will, whose session no running clock ends.</summary>
    public static ConnectRequest Request(TestSilo silo, string gateway) =>
        new() { Gateway = gateway, Endpoint = silo.Reference<IGatewayEndpoint>(new FakeGateway()), SessionExpiry = ConnectRequest.NeverExpires };

    /// <summary>Lets the silo's clock run, by hours if need be, until something is so; only a hang ends in the time-out.</summary>
    public static async Task UntilAsync(TestSilo silo, Func<Task<bool>> isSo)
    {
        using var guard = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!await isSo())
        {
            guard.Token.ThrowIfCancellationRequested();
            silo.Time.Advance(TimeSpan.FromMilliseconds(10));
            await Task.Yield();
        }
    }

    private void Install(IServiceCollection services)
    {
        services.RemoveAll<IGrainStorage>();
        var documents = new FaultyGrainStorage(Documents, DocumentFaults);
        services.AddKeyedSingleton<IGrainStorage>("Default", documents);
        services.AddSingleton<IGrainStorage>(documents);
        services.AddSingleton<ISessionLog>(new FaultySessionLog(Log, LogFaults));
        services.AddSingleton<IDeadlineStore>(Deadlines);
        services.AddSingleton<IConnectionStore>(new WatchedConnections(this));
        services.AddSingleton<ISubscriptionStore>(Routes);
        services.AddSingleton<IRetainedStore>(Retained);
        services.AddSingleton<ILeaseStore>(Leases);
    }

    private sealed class WatchedConnections(LastingStores stores) : IConnectionStore
    {
        public ValueTask AddAsync(string gateway, StoredConnection connection) => stores.Connections.AddAsync(gateway, connection);

        public ValueTask RemoveAsync(string gateway, StoredConnection connection) => stores.Connections.RemoveAsync(gateway, connection);

        public ValueTask<ImmutableArray<string>> ReadGatewaysAsync()
        {
            stores.Asked?.Invoke();
            return stores.Connections.ReadGatewaysAsync();
        }

        public ValueTask<ImmutableArray<StoredConnection>> ReadAsync(string gateway) => stores.Connections.ReadAsync(gateway);
    }
}
