using System.Collections.Immutable;
using OrleansMqtt.Gateways;
using OrleansMqtt.Grains.Gateways;
using OrleansMqtt.Messages;
using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Routing;
using OrleansMqtt.Sessions;
using OrleansMqtt.Storage;
using OrleansMqtt.Topics;

namespace OrleansMqtt.Grains.Tests.Simulation;

/// <summary>Grains across the network. Neither a class nor one that others see, or silos of other tests would take it for a grain.</summary>
internal static class RemoteGrains
{
    public static ITopicGrain Topic(Cluster cluster, Node from, int partition) => new RemoteTopic(cluster, from, partition);

    public static IGatewayRegistryGrain Registry(Cluster cluster, Node from) => new RemoteRegistry(cluster, from);

    /// <summary>Whichever activation there is when the call arrives, or one before that does not know yet that it has been replaced.</summary>
    private readonly struct RemoteTopic(Cluster cluster, Node from, int partition) : ITopicGrain
    {
        public Task<long> AttachLeasedAsync(string silo, IRouteReplica replica)
        {
            var all = cluster;
            return CallAsync(async topic => await (await topic.Ready).AttachLeasedAsync(silo, new RemoteReplica(all, topic.Host, silo)));
        }

        public Task<bool> RenewLeaseAsync(string silo, long attachment) => CallAsync(async topic => (await topic.Ready).RenewLease(silo, attachment));

        public Task<long> ChangeInOrderAsync(RouteCall call, ImmutableArray<RouteChange> changes) => CallAsync(topic => topic.InTurnAsync(routes => routes.ChangeInOrderAsync(call, changes)));

        public Task<long> ChangeGatewaysInOrderAsync(RouteCall call, ImmutableArray<RouteChange> changes) => CallAsync(async topic => await (await topic.Ready).ChangeGatewaysInOrderAsync(call, changes));

        public Task RemoveGatewayAsync(string gateway) => CallAsync(async topic =>
        {
            await (await topic.Ready).RemoveGatewayAsync(gateway);
            return true;
        });

        public Task DetachAsync(string silo, long attachment) => throw new NotSupportedException();

        public Task AttachAsync(string silo, IRouteReplica replica) => throw new NotSupportedException();

        public Task ChangeAsync(ImmutableArray<RouteChange> changes) => throw new NotSupportedException();

        public Task ChangeGatewaysAsync(ImmutableArray<RouteChange> changes) => throw new NotSupportedException();

        public Task<ImmutableArray<int>> RetainAsync(ImmutableArray<Message> messages) => throw new NotSupportedException();

        public Task<RetainedPage> ReadRetainedAsync(string filter, ReadOnlyMemory<byte> after, int maximum) => throw new NotSupportedException();

        public Task<int> CountRetainedAsync() => throw new NotSupportedException();

        private Task<T> CallAsync<T>(Func<SimulatedTopic, Task<T>> body)
        {
            SimulatedTopic? topic = null;
            var (all, number) = (cluster, partition);
        return cluster.Network.CallAsync(from, () => (topic = all.FindTopic(number))?.Host, () => body(topic!));
        }
    }

    private readonly struct RemoteRegistry(Cluster cluster, Node from) : IGatewayRegistryGrain
    {
        public Task<bool> RegisterAsync(string name, IGatewayEndpoint endpoint) => CallAsync(gateways => gateways.Register(name, endpoint));

        public Task<bool> RenewAsync(string name, IGatewayEndpoint endpoint) => CallAsync(gateways => gateways.Renew(name, endpoint));

        public Task<GatewayRoster> ReadAsync() => CallAsync(static gateways => gateways.Roster);

        public Task LeaveAsync(string name) => throw new NotSupportedException();

        public Task<GatewayRoster> WatchAsync(string silo, IGatewayWatcher watcher) => throw new NotSupportedException();

        private Task<T> CallAsync<T>(Func<GatewayTable, T> body)
        {
            var all = cluster;
            return cluster.Network.CallAsync(from, () => all.Registry, () => Task.FromResult(body(all.Gateways)));
        }
    }
}

/// <summary>A silo's replica across the network.</summary>
internal sealed class RemoteReplica(Cluster cluster, Node from, string address) : IRouteReplica
{
    private SimulatedSilo Silo => cluster.Silos.First(silo => silo.SiloAddress.ToString() == address);

    public Task<bool> ApplyAsync(int partition, long from1, long to, ImmutableArray<RouteChange> changes) =>
        cluster.Network.CallAsync(from, () => Silo, () => Silo.Replica.ApplyAsync(partition, from1, to, changes));

    public Task LoadAsync(int partition, RouteSnapshot snapshot) => cluster.Network.CallAsync(from, () => Silo, () => Silo.Replica.LoadAsync(partition, snapshot));

    public Task SetPresenceAsync(int partition, RetainedPresence presence) => cluster.Network.CallAsync(from, () => Silo, () => Silo.Replica.SetPresenceAsync(partition, presence));

    public Task RevokeAsync(int partition) => cluster.Network.CallAsync(from, () => Silo, () => Silo.Replica.RevokeAsync(partition));
}

/// <summary>A gateway across the network, as topic grains on any silo ask it.</summary>
internal sealed class RemoteGateway(Cluster cluster, SimulatedGateway gateway) : IGatewayEndpoint
{
    public Task<RoutePage> ReadRoutesAsync(int partition, int page) => cluster.Network.CallAsync(cluster.Registry, () => gateway, () => Task.FromResult(gateway.Book.Read(partition, page)));

    public Task<IGatewayConnections> GetConnectionsAsync() => throw new NotSupportedException();

    public Task<bool> PushAsync(string clientId, long epoch, ImmutableArray<SessionDelivery> deliveries) => throw new NotSupportedException();

    public Task<bool> CloseAsync(string clientId, long epoch, ReasonCode reason) => throw new NotSupportedException();

    public ValueTask<ImmutableArray<int>> DeliverAsync(GatewayCall call) => throw new NotSupportedException();
}

/// <summary>The stores as one silo reaches them.</summary>
internal sealed class RemoteStores(Cluster cluster, Node node) : ILeaseStore, ISubscriptionStore
{
    public async ValueTask<Lease?> AcquireAsync(string name, string holder, TimeSpan duration, string data = "") =>
        await cluster.Network.DoAsync(node, () => cluster.Leases.AcquireAsync(name, holder, duration, data));

    public async ValueTask<TakenLease> TakeAsync(string name, string holder, TimeSpan duration) => await cluster.Network.DoAsync(node, () => cluster.Leases.TakeAsync(name, holder, duration));

    public async ValueTask<Lease?> RenewAsync(Lease lease, TimeSpan duration) => await cluster.Network.DoAsync(node, () => cluster.Leases.RenewAsync(lease, duration));

    public async ValueTask ReleaseAsync(Lease lease) => await cluster.Network.DoAsync(node, async () =>
    {
        await cluster.Leases.ReleaseAsync(lease);
        return true;
    });

    public async ValueTask<ImmutableArray<Lease>> ReadAsync(string prefix) => await cluster.Network.DoAsync(node, () => cluster.Leases.ReadAsync(prefix));

    public async ValueTask<long> OpenAsync(int partition, long epoch) => await cluster.Network.DoAsync(node, () => cluster.Routes.OpenAsync(partition, epoch));

    public async ValueTask<ImmutableArray<RouteChange>> LoadAsync(int partition) => await cluster.Network.DoAsync(node, () => cluster.Routes.LoadAsync(partition));

    public async ValueTask ApplyAsync(int partition, long epoch, ImmutableArray<RouteChange> changes) => await cluster.Network.DoAsync(node, async () =>
    {
        await cluster.Routes.ApplyAsync(partition, epoch, changes);
        return true;
    });
}
