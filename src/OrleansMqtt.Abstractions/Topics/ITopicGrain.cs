using System.Collections.Immutable;
using OrleansMqtt.Messages;
using OrleansMqtt.Routing;

namespace OrleansMqtt.Topics;

/// <summary>
/// One partition of the key space of filters and topics: the authority for who receives what its filters match, and for the retained
/// messages of its topics. Key: partition number. See <see cref="TopicPartitions"/>.
/// </summary>
[Alias("OrleansMqtt.ITopicGrain")]
public interface ITopicGrain : IGrainWithIntegerKey
{
    /// <summary>Loads all routes of this partition into a silo's replica and tells it each change from then on. Returns when it has them.</summary>
    [Alias("Attach")]
    Task AttachAsync(string silo, IRouteReplica replica);

    /// <summary>
    /// Applies changes of sessions' and shared groups' routes in order; returns when those that must outlive the process are stored and every replica has all of them, so
    /// that no later publish misses them.
    /// </summary>
    [Alias("Change")]
    Task ChangeAsync(ImmutableArray<RouteChange> changes);

    /// <summary>
    /// Applies changes of gateways' routes (<see cref="RouteKind.Gateway"/>) in order; returns when every replica has them. They live no longer than their gateway, so
    /// they wait for no store, nor for another change that does.
    /// </summary>
    [Alias("ChangeGateways")]
    [AlwaysInterleave]
    Task ChangeGatewaysAsync(ImmutableArray<RouteChange> changes);

    /// <summary>
    /// Stores each message as its topic's retained one, in order; an empty payload removes it [MQTT-3.3.1-6], [MQTT-3.3.1-7]. Returns when stored: the
    /// places in <paramref name="messages"/> of those that were not, because <see cref="RetainedLimits"/> leave no room for them.
    /// </summary>
    [Alias("Retain")]
    Task<ImmutableArray<int>> RetainAsync(ImmutableArray<Message> messages);

    /// <summary>The retained messages that <paramref name="filter"/> matches, page by page.</summary>
    /// <param name="filter">Topic filter.</param>
    /// <param name="after">Topic at which the page before ended; empty for the first page.</param>
    /// <param name="maximum">Most messages in the page, from 1.</param>
    [Alias("ReadRetained")]
    [AlwaysInterleave]
    Task<RetainedPage> ReadRetainedAsync(string filter, ReadOnlyMemory<byte> after, int maximum);

    /// <summary>Retained messages held by this partition.</summary>
    [Alias("CountRetained")]
    [AlwaysInterleave]
    Task<int> CountRetainedAsync();

    /// <summary>As <see cref="AttachAsync"/>, in a cluster: the silo has a lease from before it made this call until <see cref="Leases.LeaseTimes.ReplicaWith"/> says. Returns the number of the attachment.</summary>
    [Alias("AttachLeased")]
    [AlwaysInterleave]
    Task<long> AttachLeasedAsync(string silo, IRouteReplica replica);

    /// <summary>Extends a silo's lease, to be counted from before this call was made. False when it is not to be extended: the silo attaches anew.</summary>
    [Alias("RenewLease")]
    [AlwaysInterleave]
    Task<bool> RenewLeaseAsync(string silo, long attachment);

    /// <summary>A silo that routes no more ends its lease.</summary>
    [Alias("Detach")]
    [AlwaysInterleave]
    Task DetachAsync(string silo, long attachment);

    /// <summary>
    /// As <see cref="ChangeAsync"/>, in a cluster. Returns the epoch of this activation: if it is not that of the call, nothing has been done, and the call is to be repeated with it.
    /// </summary>
    [Alias("ChangeInOrder")]
    Task<long> ChangeInOrderAsync(RouteCall call, ImmutableArray<RouteChange> changes);

    /// <summary>As <see cref="ChangeGatewaysAsync"/>, in a cluster. Returns as <see cref="ChangeInOrderAsync"/>.</summary>
    [Alias("ChangeGatewaysInOrder")]
    [AlwaysInterleave]
    Task<long> ChangeGatewaysInOrderAsync(RouteCall call, ImmutableArray<RouteChange> changes);

    /// <summary>A gateway is gone for good: its routes end, members of shared groups with a persistent session are away, others leave.</summary>
    [Alias("RemoveGateway")]
    [AlwaysInterleave]
    Task RemoveGatewayAsync(string gateway);
}
