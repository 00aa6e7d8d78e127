using System.Globalization;
using System.Text;
using OrleansMqtt.Messages;
using OrleansMqtt.Protocol.Codec;
using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.Grains.Handlers;

/// <summary>
/// A message that a handler could not read, or has failed with for good, published again: topic <c>$dead-letter/</c> and the handler's name, QoS 1, payload and properties as they were, and behind them the user
/// properties <c>dead-letter-topic</c>, <c>-reason</c>, <c>-attempts</c> and, unless the broker itself published it, <c>-publisher</c>.
/// </summary>
internal static class DeadLetter
{
    private const string Prefix = "dead-letter-";

    private static ReadOnlySpan<byte> Root => "$dead-letter/"u8;

    /// <summary>Whether this is the topic of one. A dead letter that fails is given up: it might come back for ever.</summary>
    public static bool IsTopic(ReadOnlySpan<byte> topic) => topic.StartsWith(Root);

    /// <summary>The dead letter of a message.</summary>
    public static Message Of(HandlerWrite write, string reason)
    {
        var message = write.Message;
        List<UserProperty> why =
        [
            new(Prefix + "topic", message.TopicName), new(Prefix + "reason", reason), new(Prefix + "attempts", write.Failures.ToString(CultureInfo.InvariantCulture)),
        ];
        if (message.Publisher is { } publisher) why.Add(new UserProperty(Prefix + "publisher", publisher));
        return new Message([.. Root, .. Encoding.UTF8.GetBytes(write.Handler.Name)], [.. message.Properties, .. MessageProperties.Encode(userProperties: why)], message.Payload)
        {
            QoS = QualityOfService.AtLeastOnce,
        };
    }
}
