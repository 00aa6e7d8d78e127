using Orleans;
using OrleansMqtt.Handlers;
using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.Samples.Ingest;

/// <summary>Old devices send a bare number to another topic: it becomes a reading before anybody sees it.</summary>
[TopicHandler("plants/{plant}/{device}/celsius", Filter = true, MovesTo = "plants/{plant}/{device}/reading")]
public sealed class OldDeviceFilter(TimeProvider time) : Grain, ITopicHandlerGrain
{
    /// <summary>A number has come.</summary>
    public Task<FilterDecision> On(TopicContext context, double celsius)
    {
        ArgumentNullException.ThrowIfNull(context);
        return Task.FromResult(ReadingCodec.IsPossible(celsius)
            ? context.Change(new Reading(time.GetUtcNow(), celsius), topic: $"plants/{context["plant"]}/{context["device"]}/reading")
            : FilterDecision.Deny(ReasonCode.PayloadFormatInvalid, $"{celsius} degrees are impossible."));
    }
}
