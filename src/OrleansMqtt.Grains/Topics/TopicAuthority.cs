using Microsoft.Extensions.Logging;
using OrleansMqtt.Grains.Leases;
using OrleansMqtt.Leases;
using OrleansMqtt.Routing;
using OrleansMqtt.Topics;

namespace OrleansMqtt.Grains.Topics;

/// <summary>One activation of a topic grain as the authority of its partition in a cluster.</summary>
/// <remarks>
/// <para>
/// An activation begins in this order, and answers no call before it is through: it takes the claim on the partition, whose token is its epoch; it waits until each lease is over
/// that an activation before may have given, unless that has given the claim back; it loads what is stored; it collects what the gateways have in force.
/// Failure at any step ends the activation, and the next call begins another, from the start.
/// </para>
/// <para>
/// Only after the leases are over may it load: until then the activation before may bring a change in force, by the word of a silo that still follows it. After that no silo takes anything of a past epoch,
/// and the activation before finds that its claim is gone before it answers (<see cref="LeasedReplicas"/>).
/// </para>
/// <para>
/// That an activation before gives no new leases meanwhile is the runtime's promise: an activation begins when the silo of the one before is dead or
/// has ended it. A lease is given for the time of the call that asked for it, so it is no use to prolong one after the fact.
/// </para>
/// </remarks>
internal sealed class TopicAuthority
{
    private readonly Claim _claim;
    private readonly int _partition;
    private readonly Action _replaced;

    private TopicAuthority(int partition, Claim claim, TopicCluster cluster, Action replaced, ILogger logger)
    {
        (_partition, _claim, _replaced) = (partition, claim, replaced);
        Calls = new CallOrder(claim.Epoch);
        Replicas = new LeasedReplicas(partition, claim.Epoch, cluster.Times, cluster.Time, RequireClaimAsync, logger);
    }

    /// <summary>Higher than that of all activations before.</summary>
    public long Epoch => _claim.Epoch;

    /// <summary>Which calls are to be carried out.</summary>
    public CallOrder Calls { get; }

    /// <summary>The silos that may route.</summary>
    public LeasedReplicas Replicas { get; }

    /// <summary>Gateways that are gone for good.</summary>
    public GoneGateways Gone { get; } = new();

    /// <summary>Takes the claim. Returns when no silo routes by what an activation before has told it.</summary>
    /// <param name="partition">The partition.</param>
    /// <param name="cluster">The cluster.</param>
    /// <param name="replaced">Called when another activation has taken the claim.</param>
    /// <param name="logger">The log.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static async Task<TopicAuthority> BeginAsync(int partition, TopicCluster cluster, Action replaced, ILogger logger, CancellationToken cancellationToken)
    {
        var claim = await Claim.TakeAsync(cluster.Leases, $"topic/{partition}");
        if (claim.WasHeld) await Task.Delay(LeaseTimes.WithMargin(cluster.Times.Replica), cluster.Time, cancellationToken);
        return new TopicAuthority(partition, claim, cluster, replaced, logger);
    }

    /// <summary>Ends all leases, and gives the claim back if they are over: the next activation need not wait then.</summary>
    public async Task EndAsync()
    {
        if (await Replicas.EndAsync()) await _claim.ReleaseAsync();
    }

    private async Task RequireClaimAsync()
    {
        if (await _claim.IsHeldAsync()) return;
        _replaced();
        throw new TopicMovedException($"Partition {_partition} has another activation.");
    }
}
