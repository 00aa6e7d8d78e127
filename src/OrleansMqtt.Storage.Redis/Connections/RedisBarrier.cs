using System.Globalization;
using StackExchange.Redis;

namespace OrleansMqtt.Storage.Redis.Connections;

/// <summary>What a barrier says of the writes before it.</summary>
internal enum BarrierOutcome
{
    /// <summary>They have reached the level.</summary>
    Reached,

    /// <summary>They have not within the time.</summary>
    Missed,

    /// <summary>No answer, or one of another connection, which says nothing of these writes.</summary>
    Unknown,
}

/// <summary>
/// WAIT, or WAITAOF, at the end of a batch: once for all its writes. Both speak of the writes of their own connection only; the
/// connection's number, asked for before and after, shows that it was one and the same.
/// </summary>
internal sealed class RedisBarrier
{
    private readonly RedisStoreOptions _options;
    private readonly IBatch _commands;
    private readonly bool _waitAof;
    private readonly Task<RedisResult> _before;
    private Task<RedisResult>? _reached, _after;

    private RedisBarrier(RedisStoreOptions options, IBatch commands, bool waitAof)
    {
        (_options, _commands, _waitAof) = (options, commands, waitAof);
        _before = commands.ExecuteAsync("CLIENT", "ID");
    }

    /// <summary>All its commands' answers.</summary>
    public IEnumerable<Task<RedisResult>> Answers => [_before, _reached!, _after!];

    /// <summary>Why the level was missed.</summary>
    public string Description => $"Redis did not confirm durability {_options.Durability} within {_options.BarrierTimeout.TotalMilliseconds.ToString(CultureInfo.InvariantCulture)} ms.";

    public BarrierOutcome Outcome
    {
        get
        {
            if (!Answers.All(static answer => answer.IsCompletedSuccessfully) || (long)_before.Result != (long)_after!.Result) return BarrierOutcome.Unknown;
            var reached = _waitAof ? (long)((RedisResult[])_reached!.Result)![0] >= 1 : (long)_reached!.Result >= _options.Durability.Replicas;
            return reached ? BarrierOutcome.Reached : BarrierOutcome.Missed;
        }
    }

    /// <summary>Begins one if the level needs it; null otherwise.</summary>
    public static RedisBarrier? Begin(RedisStoreOptions options, RedisLink link, IBatch commands) => options.Durability.Level switch
    {
        DurabilityLevel.Replica => new RedisBarrier(options, commands, waitAof: false),
        DurabilityLevel.Disk when link.NeedsWaitAof => new RedisBarrier(options, commands, waitAof: true),
        _ => null,
    };

    /// <summary>Adds the wait, after the writes.</summary>
    public void End()
    {
        var milliseconds = (long)_options.BarrierTimeout.TotalMilliseconds;
        _reached = _waitAof ? _commands.ExecuteAsync("WAITAOF", 1, 0, milliseconds) : _commands.ExecuteAsync("WAIT", _options.Durability.Replicas, milliseconds);
        _after = _commands.ExecuteAsync("CLIENT", "ID");
    }
}
