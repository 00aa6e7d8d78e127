using Orleans;
using OrleansMqtt.Handlers;

namespace OrleansMqtt.Benchmarks.Handlers;

/// <summary>A device that remembers its last value.</summary>
[TopicHandler("fleet/{id}/telemetry", Ack = AckMode.Handled)]
public sealed class DeviceGrain : Grain, ITopicHandlerGrain
{
    private double _last;

    /// <summary>A value.</summary>
    public Task On(TopicContext context, double value)
    {
        _last = Math.Max(_last, value);
        return Task.CompletedTask;
    }
}
