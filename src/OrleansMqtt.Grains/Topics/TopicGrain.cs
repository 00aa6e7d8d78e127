using System.Collections.Immutable;
using System.Text;
using Microsoft.Extensions.Logging;
using Orleans.Storage;
using OrleansMqtt.Grains.Routing;
using OrleansMqtt.Messages;
using OrleansMqtt.Routing;
using OrleansMqtt.Storage;
using OrleansMqtt.Topics;

namespace OrleansMqtt.Grains.Topics;

/// <inheritdoc cref="ITopicGrain"/>
[KeepAlive]
internal sealed partial class TopicGrain(
    ISubscriptionStore subscriptions, RetainedMessages retained, RouteReplica ownReplica, ILocalSiloDetails ownSilo, TopicMode mode, ILogger<TopicGrain> logger) : Grain, ITopicGrain
{
    // Routers that take a lane over bring again what another one has brought, and the other one may still be at it: values must not go back.
    private readonly LaneMemory _lanes = new();
    private PartitionRoutes _routes = null!;
    private LateMessages? _late;

    private int Partition => (int)this.GetPrimaryKeyLong();

    /// <inheritdoc/>
    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _routes = new PartitionRoutes(Partition, subscriptions, retained, ownReplica, ownSilo, mode, logger);
        _late = mode.Cluster is null ? null : new LateMessages(retained, GrainFactory, mode.Cluster.Time, logger);
        var id = this.GetGrainId();
        await _routes.BeginAsync(GrainFactory, () => mode.Cluster?.Fence is not { } fence || fence.IsHome(id), DeactivateOnIdle, cancellationToken);
        if (mode.Cluster is { } cluster)
            this.RegisterGrainTimer(RemoveStrangersAsync, new GrainTimerCreationOptions(cluster.Times.RosterCheck, cluster.Times.RosterCheck) { Interleave = true, KeepAlive = true });
    }

    /// <inheritdoc/>
    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        await _routes.EndAsync();
        retained.Leave();
    }

    /// <inheritdoc/>
    public Task AttachAsync(string silo, IRouteReplica replica) => _routes.AttachAsync(silo, replica);

    /// <inheritdoc/>
    public Task<long> AttachLeasedAsync(string silo, IRouteReplica replica) => _routes.AttachLeasedAsync(silo, replica);

    /// <inheritdoc/>
    public Task<bool> RenewLeaseAsync(string silo, long attachment) => Task.FromResult(_routes.RenewLease(silo, attachment));

    /// <inheritdoc/>
    public Task DetachAsync(string silo, long attachment)
    {
        _routes.Detach(silo, attachment);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task ChangeAsync(ImmutableArray<RouteChange> changes) => _routes.ChangeAsync(changes);

    /// <inheritdoc/>
    public Task ChangeGatewaysAsync(ImmutableArray<RouteChange> changes) => _routes.ChangeGatewaysAsync(changes);

    /// <inheritdoc/>
    public Task<long> ChangeInOrderAsync(RouteCall call, ImmutableArray<RouteChange> changes) => _routes.ChangeInOrderAsync(call, changes);

    /// <inheritdoc/>
    public Task<long> ChangeGatewaysInOrderAsync(RouteCall call, ImmutableArray<RouteChange> changes) => _routes.ChangeGatewaysInOrderAsync(call, changes);

    /// <inheritdoc/>
    public Task RemoveGatewayAsync(string gateway) => _routes.RemoveGatewayAsync(gateway);

    /// <inheritdoc/>
    public async Task<ImmutableArray<int>> RetainAsync(ImmutableArray<Message> messages)
    {
        var all = messages;
        if (Any(messages, static message => message.Stamp is not null)) messages = WithoutRepeats(messages);
        if (messages.IsEmpty) return [];
        var before = retained.Presence;
        var refused = await StoreAsync(_late is null ? messages : await _late.RemoveAsync(messages));
        foreach (var message in messages)
            if (message.Stamp is { } stamp && refused?.Contains(message) != true) Take(message, stamp);
        if (retained.Presence != before) await _routes.TellPresenceAsync();
        else await _routes.FormerLeasesOverAsync();
        return refused is null ? [] : [.. refused.Select(message => all.IndexOf(message))];
    }

    private async Task<IReadOnlyList<Message>?> StoreAsync(ImmutableArray<Message> messages)
    {
        try
        {
            return await retained.StoreAsync(Partition, messages);
        }
        catch (InconsistentStateException)
        {
            throw _routes.Replaced();
        }
    }

    /// <inheritdoc/>
    public Task<RetainedPage> ReadRetainedAsync(string filter, ReadOnlyMemory<byte> after, int maximum) =>
        Task.FromResult(retained.Read(Encoding.UTF8.GetBytes(filter), after.Span, maximum));

    /// <inheritdoc/>
    public Task<int> CountRetainedAsync() => Task.FromResult(retained.Count);

    // Also those that come in one call with what they repeat. Nothing is taken before it is stored.
    private ImmutableArray<Message> WithoutRepeats(ImmutableArray<Message> messages)
    {
        var (fresh, last) = (ImmutableArray.CreateBuilder<Message>(messages.Length), new Dictionary<long, long>());
        foreach (var message in messages)
        {
            if (message.Stamp is { } stamp)
            {
                if (message.IsLate ? _lanes.Of(stamp.Lane).KnowsApart(stamp, null) : _lanes.Of(stamp.Lane).Knows(stamp) || stamp.Number <= last.GetValueOrDefault(stamp.Lane)) continue;
                if (!message.IsLate) last[stamp.Lane] = stamp.Number;
            }
            fresh.Add(message);
        }
        return fresh.ToImmutable();
    }

    private void Take(Message message, LaneStamp stamp)
    {
        if (message.IsLate) _lanes.Of(stamp.Lane).TakeApart(stamp, null);
        else _lanes.Of(stamp.Lane).Take(stamp);
    }

    // Without an enumerator: this runs for every retained message.
    private static bool Any(ImmutableArray<Message> messages, Func<Message, bool> condition)
    {
        foreach (var message in messages)
            if (condition(message)) return true;
        return false;
    }

    private async Task RemoveStrangersAsync()
    {
        try
        {
            await _routes.RemoveStrangersAsync(GrainFactory);
        }
#pragma warning disable CA1031 // The next tick tries again.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            LogStrangers(logger, exception, Partition);
        }
    }

    [LoggerMessage(30, LogLevel.Warning, "Partition {Partition} could not look whether all gateways of its routes are there; trying again.")]
    private static partial void LogStrangers(ILogger logger, Exception exception, int partition);
}
