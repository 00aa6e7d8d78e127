using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using OrleansMqtt.Messages;
using OrleansMqtt.Protocol.Codec;
using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Protocol.Topics;

namespace OrleansMqtt.Handlers;

/// <summary>A message as its handler sees it, and what the handler may do besides. In the turns of the grain.</summary>
public sealed class TopicContext
{
    private readonly IHandlerRuntime _runtime;
    private readonly Message _message;
    private readonly string[] _names;
    private readonly Range[] _values;
    private readonly (string Source, long Number, long Floor) _numbered;
    private CancellationTokenSource? _cancellation;
    private bool _isCancelled;

    internal TopicContext(IHandlerRuntime runtime, in HandlerMessage message, string source, long floor, string[] names, Range[] values)
    {
        (_runtime, _message, Attempt, _names, _values) = (runtime, message.Message, message.Attempt, names, values);
        _numbered = (source, message.Number, floor);
    }

    /// <summary>The topic.</summary>
    public string Topic => field ??= _message.TopicName;

    /// <summary>What a name of the handler's template stands for: a level, or of a tail the levels, which may be none.</summary>
    /// <exception cref="ArgumentException">The template has no such name.</exception>
    public string this[string name]
    {
        get
        {
            var at = Array.IndexOf(_names, name);
            return at >= 0 ? Encoding.UTF8.GetString(_message.Topic[_values[at]]) : throw new ArgumentException($"The template has no {{{name}}}.", nameof(name));
        }
    }

    /// <summary>The payload's bytes.</summary>
    public ReadOnlyMemory<byte> Payload => _message.PayloadMemory;

    /// <summary>The publisher's quality of service.</summary>
    public QualityOfService QoS => _message.QoS;

    /// <summary>Whether it was published to be retained.</summary>
    public bool Retain => _message.Retain;

    /// <summary>Client identifier of the publisher; null for the broker itself, and for other handlers.</summary>
    public string? Publisher => _message.Publisher;

    /// <summary>What the payload is, in the publisher's words; null if it says nothing.</summary>
    public string? ContentType => Properties.ContentType;

    /// <summary>Where an answer is to go; null if none is wanted.</summary>
    public string? ResponseTopic => Properties.ResponseTopic;

    /// <summary>What an answer is to be recognized by; null for nothing.</summary>
    public ReadOnlyMemory<byte>? CorrelationData => Properties.CorrelationData;

    /// <summary>User properties in order.</summary>
    public IReadOnlyList<UserProperty> UserProperties => Properties.UserProperties;

    /// <summary>The how manieth time the message is given to the handler because it failed before, from 1.</summary>
    public int Attempt { get; }

    /// <summary>What the message is recognized by when it comes again: see <see cref="AppliedMessages"/>.</summary>
    public MessageIdentity MessageId => field ??= _message switch
    {
        { Identity: { } identity } => identity,
        { Stamp: { } stamp } => Numbered(string.Create(CultureInfo.InvariantCulture, $"stamp/{stamp.Lane:x}"), stamp.Number, stamp.Floor),
        _ => Numbered(_numbered.Source, _numbered.Number, _numbered.Floor),
    };

    /// <summary>Cancelled when the handler has taken too long (<see cref="TopicHandlerAttribute.TimeoutSeconds"/>).</summary>
    public CancellationToken Cancellation
    {
        get
        {
            if (_isCancelled) return new CancellationToken(canceled: true);
            return (_cancellation ??= new CancellationTokenSource()).Token;
        }
    }

    /// <summary>
    /// Publishes a message by the broker itself. Completes when all receivers have it, as for a client's publish at this quality of service; but what other handlers make of it is not waited for, as they
    /// may be waiting for this one. Where its topic has filters it completes when the message waits for the first of them: what they decide is not waited for either.
    /// </summary>
    /// <param name="topic">Topic name.</param>
    /// <param name="payload">The payload: bytes, or what its type's codec writes (<see cref="TopicHandlerAttribute"/>).</param>
    /// <param name="qos">Quality of service.</param>
    /// <param name="retain">Whether it is retained.</param>
    /// <param name="cancellationToken">Gives up waiting; the message has been routed.</param>
    /// <exception cref="ArgumentException">This is no topic name.</exception>
    /// <exception cref="IOException">A receiver could not take it, or too much waits for a handler.</exception>
    public Task PublishAsync<T>(string topic, T payload, QualityOfService qos = QualityOfService.AtMostOnce, bool retain = false, CancellationToken cancellationToken = default) =>
        SendAsync(topic, [], payload, qos, retain, cancellationToken);

    /// <summary>Answers: publishes to <see cref="ResponseTopic"/>, with <see cref="CorrelationData"/>, at the message's quality of service. Does nothing if no answer is wanted.</summary>
    /// <param name="payload">Bytes, or what its type's codec writes.</param>
    /// <param name="cancellationToken">Gives up waiting; the message has been routed.</param>
    /// <exception cref="IOException">A receiver could not take it, or too much waits for a handler.</exception>
    public Task ReplyAsync<T>(T payload, CancellationToken cancellationToken = default)
    {
        if (ResponseTopic is not { } topic) return Task.CompletedTask;
        var properties = CorrelationData is { } correlation ? MessageProperties.Encode(correlationData: correlation) : [];
        return SendAsync(topic, properties, payload, QoS, false, cancellationToken);
    }

    /// <summary>A filter's decision that the message goes on with another payload; what is not given stays as it is, content type and payload format included.</summary>
    /// <param name="payload">The payload: bytes, or what its type's codec writes (<see cref="TopicHandlerAttribute"/>).</param>
    /// <param name="qos"><inheritdoc cref="FilterDecision.Change" path="/param[@name='qos']"/></param>
    /// <param name="retain">Whether it is retained.</param>
    /// <param name="topic"><inheritdoc cref="FilterDecision.Change" path="/param[@name='topic']"/></param>
    /// <param name="userProperties">All its user properties.</param>
    /// <exception cref="ArgumentException">This is no topic name, or no quality of service, or a property can't be written.</exception>
    public FilterDecision Change<T>(T payload, QualityOfService? qos = null, bool? retain = null, string? topic = null, IReadOnlyList<UserProperty>? userProperties = null) =>
        FilterDecision.ChangeTo(_runtime.Encode(payload).ToArray(), qos, retain, topic, userProperties);

    /// <summary>The retained message of a topic; null if there is none.</summary>
    /// <param name="topic">Topic name.</param>
    /// <exception cref="ArgumentException">This is no topic name.</exception>
    public Task<Message?> ReadRetainedAsync(string topic)
    {
        RequireTopic(topic);
        return _runtime.ReadRetainedAsync(topic);
    }

    internal void Cancel()
    {
        _isCancelled = true;
        // Whoever is called back may take its time.
        if (_cancellation is { } cancellation) _ = cancellation.CancelAsync();
    }

    private MessageProperties Properties => new(_message.Properties);

    private Task SendAsync<T>(string topic, byte[] properties, T payload, QualityOfService qos, bool retain, CancellationToken cancellationToken)
    {
        RequireTopic(topic);
        return _runtime.PublishAsync(new Message(Encoding.UTF8.GetBytes(topic), properties, _runtime.Encode(payload).Span) { QoS = qos, Retain = retain }).WaitAsync(cancellationToken);
    }

    private static MessageIdentity Numbered(string source, long number, long floor) => new(source, new MessageNumber(0, number), new MessageNumber(0, floor));

    private static void RequireTopic([NotNull] string? topic)
    {
        ArgumentNullException.ThrowIfNull(topic);
        if (!TopicName.IsValid(topic)) throw new ArgumentException($"\"{topic}\" is no topic name.", nameof(topic));
    }
}
