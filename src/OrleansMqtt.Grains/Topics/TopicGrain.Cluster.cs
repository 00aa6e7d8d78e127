using System.Collections.Immutable;
using OrleansMqtt.Routing;
using OrleansMqtt.Topics;

namespace OrleansMqtt.Grains.Topics;

// What a partition has besides in a cluster. TopicAuthority says the order of things.
internal sealed partial class TopicGrain
{
    private TopicAuthority? _authority;

    private TopicAuthority Authority => _authority ?? throw new NotSupportedException("An embedded broker has no leases.");

    /// <inheritdoc/>
    public Task<long> AttachLeasedAsync(string silo, IRouteReplica replica) => Authority.Replicas.AttachAsync(silo, FeedOf(silo, replica));

    /// <inheritdoc/>
    public Task<bool> RenewLeaseAsync(string silo, long attachment) => Task.FromResult(Authority.Replicas.Renew(silo, attachment));

    /// <inheritdoc/>
    public Task DetachAsync(string silo, long attachment)
    {
        Authority.Replicas.Detach(silo, attachment);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task<long> ChangeInOrderAsync(RouteCall call, ImmutableArray<RouteChange> changes)
    {
        if (Authority.Calls.Admit(call)) await ChangeAsync(changes);
        return Authority.Epoch;
    }

    /// <inheritdoc/>
    public async Task<long> ChangeGatewaysInOrderAsync(RouteCall call, ImmutableArray<RouteChange> changes)
    {
        if (Authority.Calls.Admit(call)) await ChangeGatewaysAsync(changes);
        return Authority.Epoch;
    }

    /// <inheritdoc/>
    public Task RemoveGatewayAsync(string gateway)
    {
        Authority.Gone.Add(gateway);
        ImmutableArray<RouteChange> ended = [.. _routes.OfGateway(gateway).Select(GoneGateways.End)];
        return ended.IsEmpty ? Task.CompletedTask : ApplyAsync(ended);
    }

    /// <inheritdoc/>
    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken) => _authority?.EndAsync() ?? Task.CompletedTask;

    private async Task BeginAsync(TopicCluster cluster, CancellationToken cancellationToken)
    {
        _authority = await TopicAuthority.BeginAsync(Partition, cluster, DeactivateOnIdle, logger, cancellationToken);
        _version = RouteVersion.First(_authority.Epoch);
    }

    private async Task CollectAsync(TopicCluster cluster, CancellationToken cancellationToken)
    {
        foreach (var route in await new RouteCollection(Partition, GrainFactory, cluster.Times, cluster.Time, logger).ReadAsync(cancellationToken)) _routes.Apply(route);
    }
}
