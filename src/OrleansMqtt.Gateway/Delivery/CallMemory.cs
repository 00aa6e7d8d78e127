using System.Collections.Immutable;
using OrleansMqtt.Gateways;

namespace OrleansMqtt.Gateway.Delivery;

/// <summary>The latest call of each router and what was answered: a call that is repeated, because its answer was lost or late, is carried out once. Bounded and thread-safe.</summary>
internal sealed class CallMemory
{
    // One per silo that has ever sent something; a process that starts again is another.
    private const int Capacity = 4096;
    private readonly Lock _lock = new();
    private Dictionary<long, LatestCall> _recent = [];
    private Dictionary<long, LatestCall> _older = [];

    private sealed class LatestCall
    {
        public long Number { get; set; }

        public ImmutableArray<int> Answers { get; set; }
    }

    /// <summary>Carries the call out, unless that has been done.</summary>
    /// <exception cref="InvalidOperationException">A later call of the router has been carried out: nobody waits for this one any more.</exception>
    public ImmutableArray<int> Answer(GatewayCall call, Func<GatewayCall, ImmutableArray<int>> deliver)
    {
        var latest = Of(call.Router);
        lock (latest)
        {
            if (call.Call < latest.Number) throw new InvalidOperationException($"Call {call.Call} comes behind call {latest.Number} of the same router.");
            if (call.Call > latest.Number) (latest.Answers, latest.Number) = (deliver(call), call.Call);
            return latest.Answers;
        }
    }

    private LatestCall Of(long router)
    {
        lock (_lock)
        {
            if (_recent.TryGetValue(router, out var known)) return known;
            if (!_older.TryGetValue(router, out known)) known = new LatestCall();
            if (_recent.Count >= Capacity) (_older, _recent) = (_recent, []);
            _recent[router] = known;
            return known;
        }
    }
}
