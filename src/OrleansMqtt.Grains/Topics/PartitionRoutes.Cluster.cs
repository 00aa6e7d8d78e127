using System.Collections.Immutable;
using OrleansMqtt.Gateways;
using OrleansMqtt.Routing;
using OrleansMqtt.Topics;

namespace OrleansMqtt.Grains.Topics;

// What a partition has besides in a cluster. TopicAuthority says the order of things.
internal sealed partial class PartitionRoutes
{
    private TopicAuthority? _authority;

    private TopicAuthority Authority => _authority ?? throw new NotSupportedException("An embedded broker has no leases.");

    /// <inheritdoc cref="ITopicGrain.AttachLeasedAsync"/>
    public Task<long> AttachLeasedAsync(string silo, IRouteReplica replica) => Authority.Replicas.AttachAsync(silo, FeedOf(silo, replica));

    /// <inheritdoc cref="ITopicGrain.RenewLeaseAsync"/>
    public bool RenewLease(string silo, long attachment) => Authority.Replicas.Renew(silo, attachment);

    /// <inheritdoc cref="ITopicGrain.DetachAsync"/>
    public void Detach(string silo, long attachment) => Authority.Replicas.Detach(silo, attachment);

    /// <summary>Completed when no silo routes by what it has from an activation before: it may not know of what this one has loaded.</summary>
    public Task FormerLeasesOverAsync() => _authority?.Replicas.Former.Over ?? Task.CompletedTask;

    /// <inheritdoc cref="ITopicGrain.ChangeInOrderAsync"/>
    public async Task<long> ChangeInOrderAsync(RouteCall call, ImmutableArray<RouteChange> changes)
    {
        if (Authority.Calls.Admit(call)) await ChangeAsync(changes);
        return Authority.Epoch;
    }

    /// <inheritdoc cref="ITopicGrain.ChangeGatewaysInOrderAsync"/>
    public async Task<long> ChangeGatewaysInOrderAsync(RouteCall call, ImmutableArray<RouteChange> changes)
    {
        if (Authority.Calls.Admit(call)) await ChangeGatewaysAsync(changes);
        return Authority.Epoch;
    }

    /// <inheritdoc cref="ITopicGrain.RemoveGatewayAsync"/>
    public Task RemoveGatewayAsync(string gateway)
    {
        Authority.Gone.Add(gateway);
        ImmutableArray<RouteChange> ended = [.. _routes.OfGateway(gateway).Select(GoneGateways.End)];
        return ended.IsEmpty ? Task.CompletedTask : ApplyAsync(ended);
    }

    /// <summary>
    /// Ends what leads to gateways that are gone for good. They are removed when they go; but what one of them had said can come to an activation that began after that, and the gateway be dead before
    /// it takes it back.
    /// </summary>
    public async Task RemoveStrangersAsync(IGrainFactory grains)
    {
        // In this order: a gateway is on the roster before it is in any route.
        var known = _routes.Gateways;
        if (known.Count == 0) return;
        var roster = await grains.GetGrain<IGatewayRegistryGrain>(0).ReadAsync();
        foreach (var gone in known.Except(roster.Gateways.Select(static gateway => gateway.Name))) await RemoveGatewayAsync(gone);
    }

    /// <summary>Ends, so that the next activation need not wait for this one's leases.</summary>
    public Task EndAsync() => _authority?.EndAsync() ?? Task.CompletedTask;

    private async Task BeginAsync(TopicCluster cluster, IGrainFactory grains, Func<bool> isHome, CancellationToken cancellationToken)
    {
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, cluster.Stop.Token);
        try
        {
            // Before the claim is taken from the activation that others begin meanwhile.
            ends.Token.ThrowIfCancellationRequested();
            _authority = await TopicAuthority.BeginAsync(partition, cluster, isHome, Replaced, logger, ends.Token);
            await RecoverAsync(_authority, cluster, grains, ends.Token);
        }
        catch (OperationCanceledException)
        {
            throw new TopicMovedException($"Partition {partition} does not begin on a silo that leaves.");
        }
    }

    private async Task RecoverAsync(TopicAuthority authority, TopicCluster cluster, IGrainFactory grains, CancellationToken cancellationToken)
    {
        try
        {
            _version = RouteVersion.First(authority.Epoch);
            await LoadAsync(authority.Epoch);
            await CollectAsync(cluster, grains, cancellationToken);
        }
        catch
        {
            await authority.GiveUpAsync();
            throw;
        }
    }

    private async Task CollectAsync(TopicCluster cluster, IGrainFactory grains, CancellationToken cancellationToken)
    {
        foreach (var route in await new RouteCollection(partition, grains, cluster.Times, cluster.Time, logger).ReadAsync(cancellationToken)) _routes.Apply(route);
    }
}
