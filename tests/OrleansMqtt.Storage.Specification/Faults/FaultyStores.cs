using OrleansMqtt.Messages;
using OrleansMqtt.Routing;

namespace OrleansMqtt.Storage.Specification.Faults;

/// <summary>A retained store whose writes go wrong as planned.</summary>
public sealed class FaultyRetainedStore(IRetainedStore inner, FaultPlan faults) : IRetainedStore
{
    public ValueTask<long> OpenAsync(int partition, long epoch) => new(faults.WriteAsync(() => inner.OpenAsync(partition, epoch)));

    public IAsyncEnumerable<Message> LoadAsync(int partition) => inner.LoadAsync(partition);

    public ValueTask StoreAsync(int partition, long epoch, ImmutableArray<Message> messages) => new(faults.WriteAsync(() => inner.StoreAsync(partition, epoch, messages)));
}

/// <summary>A subscription store whose writes go wrong as planned.</summary>
public sealed class FaultySubscriptionStore(ISubscriptionStore inner, FaultPlan faults) : ISubscriptionStore
{
    public ValueTask<long> OpenAsync(int partition, long epoch) => new(faults.WriteAsync(() => inner.OpenAsync(partition, epoch)));

    public ValueTask<ImmutableArray<RouteChange>> LoadAsync(int partition) => inner.LoadAsync(partition);

    public ValueTask ApplyAsync(int partition, long epoch, ImmutableArray<RouteChange> changes) => new(faults.WriteAsync(() => inner.ApplyAsync(partition, epoch, changes)));
}

/// <summary>A deadline store whose writes go wrong as planned.</summary>
public sealed class FaultyDeadlineStore(IDeadlineStore inner, FaultPlan faults) : IDeadlineStore
{
    public ValueTask<ImmutableArray<Deadline>> LoadAsync(int shard) => inner.LoadAsync(shard);

    public ValueTask SetAsync(int shard, Deadline deadline) => new(faults.WriteAsync(() => inner.SetAsync(shard, deadline)));

    public ValueTask RemoveAsync(int shard, Deadline deadline) => new(faults.WriteAsync(() => inner.RemoveAsync(shard, deadline)));
}

/// <summary>A connection store whose writes go wrong as planned.</summary>
public sealed class FaultyConnectionStore(IConnectionStore inner, FaultPlan faults) : IConnectionStore
{
    public ValueTask AddAsync(string gateway, StoredConnection connection) => new(faults.WriteAsync(() => inner.AddAsync(gateway, connection)));

    public ValueTask RemoveAsync(string gateway, StoredConnection connection) => new(faults.WriteAsync(() => inner.RemoveAsync(gateway, connection)));

    public ValueTask<ImmutableArray<string>> ReadGatewaysAsync() => inner.ReadGatewaysAsync();

    public ValueTask<ImmutableArray<StoredConnection>> ReadAsync(string gateway) => inner.ReadAsync(gateway);
}

/// <summary>A lease store whose writes go wrong as planned.</summary>
public sealed class FaultyLeaseStore(ILeaseStore inner, FaultPlan faults) : ILeaseStore
{
    public ValueTask<Lease?> AcquireAsync(string name, string holder, TimeSpan duration, string data = "") => new(faults.WriteAsync(() => inner.AcquireAsync(name, holder, duration, data)));

    public ValueTask<TakenLease> TakeAsync(string name, string holder, TimeSpan duration) => new(faults.WriteAsync(() => inner.TakeAsync(name, holder, duration)));

    public ValueTask<Lease?> RenewAsync(Lease lease, TimeSpan duration) => new(faults.WriteAsync(() => inner.RenewAsync(lease, duration)));

    public ValueTask ReleaseAsync(Lease lease) => new(faults.WriteAsync(() => inner.ReleaseAsync(lease)));

    public ValueTask<ImmutableArray<Lease>> ReadAsync(string prefix) => inner.ReadAsync(prefix);
}
