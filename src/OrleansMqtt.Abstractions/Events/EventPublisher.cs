using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using OrleansMqtt.Leases;
using OrleansMqtt.Messages;
using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Protocol.Topics;
using OrleansMqtt.Routing;

namespace OrleansMqtt.Events;

/// <summary>Publishes events by the router of the process, at QoS 1.</summary>
internal sealed partial class EventPublisher(EventKinds kinds, Func<ILocalRouter> router, TimeProvider time, Action<long> lose, ILogger logger)
{
    // With the pauses in between about as long as a silo that is lost may be missed.
    private const int Attempts = 10;
    private ILocalRouter? _router;

    /// <summary>Publishes those that are to be; completes when all receivers have them.</summary>
    public async Task ConsumeAsync(IReadOnlyList<BrokerEvent> events, CancellationToken cancellationToken)
    {
        Message[] messages = [.. events.Select(MessageOf).OfType<Message>()];
        var pause = TimeSpan.Zero;
        var done = 0;
        for (var attempt = 1; done < messages.Length; attempt++)
        {
            var failure = await RouteAsync(messages.AsMemory(done));
            done += failure.Done;
            if (failure.Cause is null) return;
            if (attempt == Attempts)
            {
                LogLost(logger, failure.Cause, messages.Length - done);
                lose(messages.Length - done);
                return;
            }
            await Task.Delay(pause = BackOff.After(pause), time, cancellationToken);
        }
    }

    // Whether all of them have reached whom they are for; otherwise how many before the first that has not. Those behind it are published again, so that the last one that comes is the last one that has happened.
    private async Task<(int Done, Exception? Cause)> RouteAsync(ReadOnlyMemory<Message> messages)
    {
        _router ??= router();
        var pending = new PendingPublish?[messages.Length];
        using (DeliveryBatch.Begin())
        {
            for (var i = 0; i < pending.Length; i++)
            {
                var publish = new PublishView(messages.Span[i]);
                pending[i] = _router.Route(ref publish).Pending;
            }
        }
        (int Done, Exception? Cause) first = (pending.Length, null);
        for (var i = 0; i < pending.Length; i++)
        {
            if (pending[i] is not { } receivers) continue;
            await receivers.WaitAsync();
            // It would be so the next time.
            if (first.Cause is null && receivers.Failure is { } failure && !RouteOutcome.IsFinal(failure)) first = (i, failure);
        }
        return first;
    }

    private Message? MessageOf(BrokerEvent brokerEvent)
    {
        if ((EventTopic.KindOf(brokerEvent) & kinds) == 0) return null;
        // Whoever is too slow to be told of drops would be told of that for ever.
        if (brokerEvent is MessageDropped { Topic: { } dropped } && dropped.StartsWith(EventTopic.Prefix, StringComparison.Ordinal)) return null;
        var topic = EventTopic.Of(brokerEvent)!;
        if (!TopicName.IsValid(topic))
        {
            lose(1);
            LogTooLong(logger);
            return null;
        }
        return new Message(Encoding.UTF8.GetBytes(topic), [], JsonSerializer.SerializeToUtf8Bytes(brokerEvent, brokerEvent.GetType(), JsonSerializerOptions.Web)) { QoS = QualityOfService.AtLeastOnce };
    }

    [LoggerMessage(1501, LogLevel.Error, "{Count} events could not be published, and are lost.")]
    private static partial void LogLost(ILogger logger, Exception cause, int count);

    [LoggerMessage(1502, LogLevel.Warning, "An event of a client was not published: its identifier is too long for a topic.")]
    private static partial void LogTooLong(ILogger logger);
}
