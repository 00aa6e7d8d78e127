using Microsoft.Extensions.Logging.Abstractions;
using OrleansMqtt.Diagnostics;
using OrleansMqtt.Grains.Storage;
using OrleansMqtt.Grains.Topics;
using OrleansMqtt.Leases;

namespace OrleansMqtt.Grains.Tests.Simulation;

/// <summary>An activation of a topic grain on a silo: what the runtime does for it, around the code under test.</summary>
internal sealed class SimulatedTopic : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1);
    private readonly BrokerMetrics _metrics = new();
    private bool _moves;

    public SimulatedTopic(Cluster cluster, SimulatedSilo silo, int partition)
    {
        // With a membership it lives and dies with its silo, known to the others or not.
        Host = new Node($"partition {partition} on {silo.Name}") { In = cluster.Membership is null ? null : silo };
        Silo = silo;
        var stores = new RemoteStores(cluster, Host);
        var routes = new PartitionRoutes(
            partition, stores, new RetainedMessages(new MemoryRetainedStore(), RetainedQuota.Unlimited, _metrics, cluster.Time), silo.Replica, silo,
            new TopicMode(new TopicCluster(cluster.Times, stores, cluster.Time, cluster.Stop, silo.Fence)), NullLogger.Instance);
        Ready = BeginAsync(cluster, routes);
    }

    /// <summary>The silo.</summary>
    public SimulatedSilo Silo { get; }

    /// <summary>The activation as the network sees it: it can end before its silo does.</summary>
    public Node Host { get; }

    /// <summary>Calls wait for it.</summary>
    public Task<PartitionRoutes> Ready { get; }

    /// <summary>Runs one call at a time.</summary>
    public async Task<T> InTurnAsync<T>(Func<PartitionRoutes, Task<T>> call)
    {
        var routes = await Ready;
        await _turn.WaitAsync();
        try
        {
            return await call(routes);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>It leaves its silo in good order, and is dead then.</summary>
    public async Task MoveAsync()
    {
        _moves = true;
        await (await Ready).EndAsync();
        Host.IsAlive = false;
    }

    public void Dispose()
    {
        _turn.Dispose();
        _metrics.Dispose();
    }

    private async Task RemoveStrangersAsync(Cluster cluster, PartitionRoutes routes)
    {
        while (Host.IsAlive)
        {
            await Task.Delay(cluster.Times.RosterCheck, cluster.Time);
            try
            {
                await routes.RemoveStrangersAsync(GrainsOf.Node(cluster, Host));
            }
            catch (Exception exception) when (PassingFailure.Is(exception))
            {
                // The next time.
            }
        }
    }

    private async Task<PartitionRoutes> BeginAsync(Cluster cluster, PartitionRoutes routes)
    {
        try
        {
            await routes.BeginAsync(GrainsOf.Node(cluster, Host), () => !_moves, () => Host.IsAlive = false, default);
            _ = RemoveStrangersAsync(cluster, routes);
            return routes;
        }
        catch
        {
            Host.IsAlive = false;
            throw;
        }
    }
}
