using System.Text;
using OrleansMqtt.Leases;
using OrleansMqtt.Messages;
using OrleansMqtt.Protocol.Codec;
using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Protocol.Topics;
using OrleansMqtt.Routing;

namespace OrleansMqtt.Streams.Queues;

/// <summary>Publishes by a router of any silo.</summary>
internal sealed class StreamPublisher(IGrainFactory grains, TimeProvider time)
{
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(0.1);
    // What a silo that is lost takes the broker.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private readonly string _router = $"streams/{Guid.NewGuid():N}";

    /// <summary>Publishes messages in their order; completes when all receivers have them.</summary>
    /// <exception cref="ArgumentException">A message names no topic, and neither does the key.</exception>
    /// <exception cref="IOException">A receiver could not take one.</exception>
    public async Task PublishAsync(string key, IEnumerable<MqttMessage> messages)
    {
        var outcomes = await RouteAsync([.. messages.Select(message => MessageOf(key, message))]);
        foreach (var outcome in outcomes)
            if (RouteOutcome.FailureOf(outcome) is { } failure) throw new IOException($"Not everybody could take what was published: {failure.Message}", failure);
    }

    // A silo that may not route has done nothing. After any other failure the message may be with its receivers: whoever publishes decides whether they get it again.
    private async Task<IReadOnlyList<int>> RouteAsync(System.Collections.Immutable.ImmutableArray<Message> messages)
    {
        var began = time.GetTimestamp();
        while (true)
        {
            try
            {
                return await grains.GetGrain<IRouterGrain>(_router).RouteAsync(messages);
            }
            catch (NoRoutingLeaseException) when (time.GetElapsedTime(began) < Patience)
            {
                await Task.Delay(Rest, time);
            }
        }
    }

    private static Message MessageOf(string key, MqttMessage message)
    {
        ArgumentNullException.ThrowIfNull(message);
        var topic = message.Topic.Length > 0 ? message.Topic : key;
        if (!TopicName.IsValid(topic)) throw new ArgumentException($"\"{topic}\" is no topic name.", nameof(message));
        var properties = MessageProperties.Encode(
            null, message.ContentType, message.ResponseTopic, message.CorrelationData, [.. message.UserProperties.Select(static property => new UserProperty(property.Key, property.Value))]);
        return new Message(Encoding.UTF8.GetBytes(topic), properties, message.Payload.Span) { QoS = message.QoS, Retain = message.Retain };
    }
}
