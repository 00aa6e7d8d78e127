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
/// Failure at any step ends the activation, and the next call begins another, from the start; one that has waited for the leases and given none says so by giving its claim back.
/// </para>
/// <para>
/// Only after the leases are over may it load: until then the activation before may bring a change in force, by the word of a silo that still follows it. After that no silo takes anything of a past epoch,
/// and the activation before finds that its claim is gone before it answers (<see cref="LeasedReplicas"/>). What that one has still under way to a store is there before this one loads, or is
/// refused: the stores are opened with the epoch first.
/// </para>
/// <para>
/// That an activation before gives no new leases meanwhile is the runtime's promise: an activation begins when the silo of the one before is dead or
/// has ended it. A lease is given for the time of the call that asked for it, so it is no use to prolong one after the fact.
/// </para>
/// </remarks>
internal sealed partial class TopicAuthority
{
    private readonly Claim _claim;
    private readonly ILogger _logger;
    private readonly int _partition;
    private readonly Func<TopicMovedException> _replaced;
    private bool _isReplaced;

    private TopicAuthority(int partition, Claim claim, TopicCluster cluster, Func<TopicMovedException> replaced, ILogger logger)
    {
        (_partition, _claim, _replaced, _logger) = (partition, claim, replaced, logger);
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
    /// <param name="replaced">Called when another activation has taken the claim; makes what callers are told.</param>
    /// <param name="logger">The log.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static async Task<TopicAuthority> BeginAsync(int partition, TopicCluster cluster, Func<TopicMovedException> replaced, ILogger logger, CancellationToken cancellationToken)
    {
        var claim = await Claim.TakeAsync(cluster.Leases, $"topic/{partition}");
        if (claim.WasHeld) await Task.Delay(LeaseTimes.WithMargin(cluster.Times.Replica), cluster.Time, cancellationToken);
        return new TopicAuthority(partition, claim, cluster, replaced, logger);
    }

    /// <summary>Ends all leases, and gives the claim back if they are over: the next activation need not wait then.</summary>
    public async Task EndAsync()
    {
        // What silos have may be leases of the other activation.
        if (!_isReplaced && await Replicas.EndAsync()) await _claim.ReleaseAsync();
    }

    /// <summary>Gives the claim back before any lease was given.</summary>
    public async Task GiveUpAsync()
    {
        try
        {
            await _claim.ReleaseAsync();
        }
        catch (IOException exception)
        {
            LogNotGivenBack(_logger, exception, _partition);
        }
    }

    /// <summary>Another activation has taken the claim.</summary>
    public void OnReplaced() => _isReplaced = true;

    private async Task RequireClaimAsync()
    {
        if (!await _claim.IsHeldAsync()) throw _replaced();
    }

    [LoggerMessage(40, LogLevel.Warning, "Partition {Partition} could not begin, and the claim on it could not be given back: the next activation waits for leases that nobody has.")]
    private static partial void LogNotGivenBack(ILogger logger, Exception exception, int partition);
}
