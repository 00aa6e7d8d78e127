using Microsoft.Extensions.Logging;
using OrleansMqtt.Grains.Leases;
using OrleansMqtt.Leases;
using OrleansMqtt.Routing;
using OrleansMqtt.Topics;

namespace OrleansMqtt.Grains.Topics;

/// <summary>One activation of a topic grain as the authority of its partition in a cluster.</summary>
/// <remarks>
/// <para>
/// An activation begins in this order, and answers no call before it is through: it takes the claim on the partition, whose token is its epoch; without an <see cref="ISiloFence"/> it waits until each
/// lease is over that an activation before may have given, unless that has given the claim back; it loads what is stored; it collects what the gateways have in force.
/// Failure at any step ends the activation, and the next call begins another, from the start; one that knows that no lease is left says so by giving its claim back.
/// </para>
/// <para>
/// Without a fence, only after the leases are over may it load: until then the activation before may take a change and bring it in force, by the word of a silo that still follows it. After that no silo
/// takes anything of a past epoch, and the activation before finds that its claim is gone before it answers (<see cref="LeasedReplicas"/>). What that one has still under way to a store is there before
/// this one loads, or is refused: the stores are opened with the epoch first.
/// </para>
/// <para>
/// With a fence it loads at once. The activation before takes no call any more (the fence's second promise), and what it has taken, and may yet bring in force, is seen by this one: a gateway had it in its
/// <see cref="RouteBook"/> before it made the call, and what was stored is there or is refused, as above. So silos may go on routing by their leases while there is nobody to change anything. What this
/// activation takes itself is in force only when they all have attached to it, or are gone, or a whole lease has passed (<see cref="FormerLeases"/>). Which silos these are:
/// <list type="bullet">
/// <item>Those that this silo knows when the activation has its claim. One that joined since has a lease of no activation before (third promise), and gets one of this activation with everything that it knows.</item>
/// <item>One whose view is older still asks the silo of the activation before, and has its lease of then at most. It is waited for.</item>
/// <item>
/// One that attached to the activation before when this one had begun: the call came there before that took none any more, so it was asked for before this activation took its claim. It is waited for, and
/// for no longer than a lease from the claim on. Its silo counts from before it asked: an answer that comes late prolongs nothing.
/// </item>
/// <item>
/// One that has attached here and hears from the activation before afterwards: it refuses what comes of a past epoch, and a renewal that it asked for before it attached here ends before the lease that
/// this activation counts for it.
/// </item>
/// <item>One that is declared dead and goes on later: it holds no fence any more, and routes nothing.</item>
/// </list>
/// </para>
/// <para>
/// That an activation before gives no new leases meanwhile is the runtime's promise in any case: an activation begins when the silo of the one before is dead or
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

    private TopicAuthority(int partition, Claim claim, FormerLeases former, TopicCluster cluster, Func<TopicMovedException> replaced, ILogger logger)
    {
        (_partition, _claim, _replaced, _logger) = (partition, claim, replaced, logger);
        Calls = new CallOrder(claim.Epoch);
        Replicas = new LeasedReplicas(partition, claim.Epoch, cluster, former, RequireClaimAsync, logger);
    }

    /// <summary>Higher than that of all activations before.</summary>
    public long Epoch => _claim.Epoch;

    /// <summary>Which calls are to be carried out.</summary>
    public CallOrder Calls { get; }

    /// <summary>The silos that may route.</summary>
    public LeasedReplicas Replicas { get; }

    /// <summary>Gateways that are gone for good.</summary>
    public GoneGateways Gone { get; } = new();

    /// <summary>Takes the claim. Returns when stores and gateways can be asked.</summary>
    /// <param name="partition">The partition.</param>
    /// <param name="cluster">The cluster.</param>
    /// <param name="isHome">Whether this activation is to stay where it is.</param>
    /// <param name="replaced">Called when another activation has taken the claim; makes what callers are told.</param>
    /// <param name="logger">The log.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static async Task<TopicAuthority> BeginAsync(
        int partition, TopicCluster cluster, Func<bool> isHome, Func<TopicMovedException> replaced, ILogger logger, CancellationToken cancellationToken)
    {
        var claim = await Claim.TakeAsync(cluster.Leases, $"topic/{partition}");
        var former = FormerLeases.None;
        if (claim.WasHeld)
        {
            var longest = LeaseTimes.WithMargin(cluster.ReplicaLease);
            if (cluster.Fence is { } fence) former = new FormerLeases(fence, isHome, longest, cluster.Time);
            else await Task.Delay(longest, cluster.Time, cancellationToken);
        }
        return new TopicAuthority(partition, claim, former, cluster, replaced, logger);
    }

    /// <summary>Ends all leases, and gives the claim back if they are over: the next activation need not wait then.</summary>
    public async Task EndAsync()
    {
        // What silos have may be leases of the other activation.
        if (!_isReplaced && await Replicas.EndAsync()) await _claim.ReleaseAsync();
    }

    /// <summary>Gives the claim back before any lease was given, if those of the activations before are over: the next one need not wait again.</summary>
    public async Task GiveUpAsync()
    {
        if (!Replicas.Former.AreOver) return;
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
    public void OnReplaced()
    {
        _isReplaced = true;
        Replicas.Former.Abandon();
    }

    private async Task RequireClaimAsync()
    {
        if (!await _claim.IsHeldAsync()) throw _replaced();
    }

    [LoggerMessage(40, LogLevel.Warning, "Partition {Partition} could not begin, and the claim on it could not be given back: the next activation waits for leases that nobody has.")]
    private static partial void LogNotGivenBack(ILogger logger, Exception exception, int partition);
}
