using Orleans;
using OrleansMqtt.Handlers;

namespace OrleansMqtt.Benchmarks.Handlers;

/// <summary>Lets every value pass that is not below all before it.</summary>
[TopicHandler("checked/{id}/telemetry", Filter = true)]
public sealed class AllowingGrain : Grain, ITopicHandlerGrain
{
    private double _least = double.MaxValue;

    /// <summary>A value.</summary>
    public ValueTask<FilterDecision> On(TopicContext context, double value)
    {
        var isAllowed = _least is double.MaxValue || value >= _least;
        _least = Math.Min(_least, value);
        return ValueTask.FromResult(isAllowed ? FilterDecision.Allow : FilterDecision.Deny());
    }
}
