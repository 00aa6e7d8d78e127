using System.Text;
using OrleansMqtt.Handlers.Payloads;
using OrleansMqtt.Messages;
using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Protocol.Topics;
using OrleansMqtt.Routes.Binding;

namespace OrleansMqtt.Routes;

/// <summary>A subscription as code sees it that is mapped on it, and what it may send to the client.</summary>
public sealed class SubscribeContext : IRouteValues
{
    private readonly string[] _names, _values;
    private readonly PayloadCodecs _codecs;
    private readonly Func<Message, Task> _send;

    internal SubscribeContext(string filter, string[] names, string[] values, MqttClientInfo client, PayloadCodecs codecs, Func<Message, Task> send) =>
        (Filter, _names, _values, Client, _codecs, _send) = (filter, names, values, client, codecs, send);

    /// <summary>The topic filter, with the mount point of the client's listener; with <c>$share/</c> and the group where it is shared.</summary>
    public string Filter { get; }

    /// <summary>What a name of the template stands for: a level, or of a tail the levels, which may be none.</summary>
    /// <exception cref="ArgumentException">The template has no such name.</exception>
    public string this[string name]
    {
        get
        {
            var at = Array.IndexOf(_names, name);
            return at >= 0 ? _values[at] : throw new ArgumentException($"The template has no {{{name}}}.", nameof(name));
        }
    }

    /// <summary>The highest quality of service that was granted.</summary>
    public QualityOfService QoS { get; internal init; }

    /// <summary>Subscription identifier; null for none.</summary>
    public uint? SubscriptionIdentifier { get; internal init; }

    /// <summary>Who subscribes.</summary>
    public MqttClientInfo Client { get; }

    /// <summary>Cancelled when the code has taken too long, and when the connection ends.</summary>
    public CancellationToken Cancellation { get; internal init; }

    /// <summary>
    /// Sends a message to this client alone, behind its SUBACK, as if it had been published to the subscription. Does nothing if the client has ended it meanwhile. Completes when the message is in the client's queue or, for
    /// QoS 1 and 2 of a persistent session, in its log.
    /// </summary>
    /// <param name="topic">A topic name that the filter matches.</param>
    /// <param name="payload">Bytes, or what its type's codec writes (<see cref="OrleansMqtt.Handlers.TopicHandlerAttribute"/>).</param>
    /// <param name="qos">Quality of service; at most what was granted counts.</param>
    /// <exception cref="ArgumentException">This is no topic name, or the filter does not match it.</exception>
    /// <exception cref="IOException">The session could not take it.</exception>
    public Task SendAsync<T>(string topic, T payload, QualityOfService qos = QualityOfService.ExactlyOnce)
    {
        ArgumentNullException.ThrowIfNull(topic);
        return SendAsync(topic, _codecs.Encode(payload), qos);
    }

    internal Task SendAsync(string topic, ReadOnlyMemory<byte> payload, QualityOfService qos)
    {
        if (!TopicName.IsValid(topic)) throw new ArgumentException($"\"{topic}\" is no topic name.", nameof(topic));
        var name = Encoding.UTF8.GetBytes(topic);
        if (!TopicFilter.Matches(Encoding.UTF8.GetBytes(Unshared), name)) throw new ArgumentException($"The client has subscribed to {Filter}, which does not match {topic}.", nameof(topic));
        return _send(new Message(name, [], payload.Span) { QoS = qos < QoS ? qos : QoS });
    }

    /// <summary>The one topic that the filter matches; null where it has wildcards.</summary>
    internal string? OnlyTopic => TopicName.IsValid(Unshared) ? Unshared : null;

    private string Unshared => SharedFilter.TryParse(Filter, out var shared) ? shared.Filter : Filter;

    ReadOnlyMemory<byte> IRouteValues.Payload => default;

    object IRouteValues.Find(Type type) => this;
}
