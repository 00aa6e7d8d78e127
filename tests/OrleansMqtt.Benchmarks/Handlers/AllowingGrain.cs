using Orleans;
using OrleansMqtt.Handlers;

namespace OrleansMqtt.Benchmarks.Handlers;

/// <summary>Lets every value pass.</summary>
[TopicHandler("checked/{id}/telemetry", Filter = true)]
public sealed class AllowingGrain : Grain, ITopicHandlerGrain
{
    /// <summary>A value.</summary>
    public ValueTask<FilterDecision> On(TopicContext context, double value) => ValueTask.FromResult(FilterDecision.Allow);
}
