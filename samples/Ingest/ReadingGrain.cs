using Orleans;
using OrleansMqtt.Handlers;

namespace OrleansMqtt.Samples.Ingest;

/// <summary>A device's readings: it is told that one has been taken (PUBACK, PUBREC) when it is in the store.</summary>
[TopicHandler("plants/{plant}/{device}/reading", Ack = AckMode.Handled, Codec = typeof(ReadingCodec), Attempts = 5)]
public sealed class ReadingGrain(IReadingStore store) : Grain, ITopicHandlerGrain
{
    /// <summary>A reading has come. If the store fails it comes again, and in the end becomes a dead letter.</summary>
    public Task On(TopicContext context, Reading reading)
    {
        ArgumentNullException.ThrowIfNull(context);
        return store.AddAsync(new IdentifiedReading(context.MessageId, this.GetPrimaryKeyString(), reading), context.Cancellation);
    }
}
