using Orleans;
using OrleansMqtt.Handlers;

namespace OrleansMqtt.Benchmarks.Handlers;

/// <summary>Remembers the highest value, and lets every one pass.</summary>
[TopicHandler("checked/{id}/telemetry", Filter = true)]
public sealed class AllowingGrain : Grain, ITopicHandlerGrain
{
    private double _last;

    /// <summary>A value.</summary>
    public ValueTask<FilterDecision> On(TopicContext context, double value)
    {
        _last = Math.Max(_last, value);
        return ValueTask.FromResult(FilterDecision.Allow);
    }
}
