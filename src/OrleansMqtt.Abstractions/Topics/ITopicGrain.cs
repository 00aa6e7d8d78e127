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
    /// Stores each message as its topic's retained one, in order; an empty payload removes it [MQTT-3.3.1-6], [MQTT-3.3.1-7]. Returns when stored.
    /// </summary>
    [Alias("Retain")]
    Task RetainAsync(ImmutableArray<Message> messages);

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
}
