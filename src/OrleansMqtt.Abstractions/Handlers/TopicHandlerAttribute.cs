namespace OrleansMqtt.Handlers;

/// <summary>
/// Makes a grain class, or one of its methods, the handler of topics. On a class it is the method <c>On</c> that handles. The method is public, returns <see cref="Task"/> or <see cref="ValueTask"/>,
/// and takes a <see cref="TopicContext"/> and, if it wants the payload, a second parameter, whose type says how that is read: <see cref="ReadOnlyMemory{T}"/> of bytes or a byte array (as it is), text
/// (UTF-8), <see cref="int"/>, <see cref="long"/>, <see cref="double"/>, <see cref="bool"/> (each as text), anything else JSON.
/// </summary>
/// <remarks>
/// A method that throws is called again, <see cref="Attempts"/> times in all, by a new activation of the grain: what the former one had in memory may be more than was stored. What fails for good, and what
/// can't be read, is published to the topic <c>$dead-letter/</c> and the handler's name, with the reason: type and message of the exception. Persistent sessions that subscribe to it keep it.
/// <para>
/// A filter (<see cref="Filter"/>) has a message before anybody else: before it is retained, and before it goes to subscribers and handlers, whoever has published it: clients, their wills, the broker, handlers. Its method returns a
/// <see cref="FilterDecision"/>, as <see cref="Task{TResult}"/> or <see cref="ValueTask{TResult}"/>. What one client publishes on one topic stays in order; topics without filters do not wait for those that have some, nor do the
/// messages of other grains. Publishers are always acknowledged when the message has passed its filters and been routed; only what handlers publish, and dead letters, is not waited for. A publisher needs permission for the
/// topic that it names, and none for the one that a filter makes of it. What a filter fails with for good, or can't read, is denied with 0x83 and is a dead letter.
/// </para>
/// <para>
/// A message passes each filter once for one publish. It comes again when its filter has failed, or when a silo or gateway dies on the way: then <see cref="TopicContext.MessageId"/> tells it. QoS 0 is dropped where too much waits
/// for a filter.
/// </para>
/// <para>
/// Handlers come and go with the silos that have them, so a rolling upgrade runs both versions for a while. A message goes to the handlers of the silo that routes it: a new one sees it where that silo runs
/// the new version, and from the moment on at which all do. A grain lives on silos that have its class; of a class that both versions have, on either. So the two have to understand each other:
/// </para>
/// <list type="bullet">
/// <item>A message is given to the handler of its name. One whose silo has the class, but no handler of that name for that topic, is tried again for 20 seconds, in which the grain may have come to a
/// silo that has one, and is a dead letter then. So keep names; when a template changes, let the class have the old one too, under its old name, until no silo routes by it; and give a new
/// handler that cannot wait a class of its own.</item>
/// <item>Payloads are read by the version that the grain runs on.</item>
/// <item>State is written by either: the old version drops properties that it does not know. What one cannot read at all is set aside, and the grain begins without it.</item>
/// <item>What an old silo still has for a class that no silo has any more is tried for 20 seconds too, and a dead letter then. With <see cref="AckMode.Routed"/> it is lost if that silo stops before.</item>
/// </list>
/// </remarks>
/// <param name="template">
/// The topics: levels separated by <c>/</c>, each of them a text, or <c>{name}</c> for any one level, and last, if at all, <c>{*name}</c> for any number of levels, none included. As with
/// topic filters, a name in the first place takes no topic that begins with <c>$</c> [MQTT-4.7.2-1].
/// </param>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method, AllowMultiple = true)]
public sealed class TopicHandlerAttribute(string template) : Attribute
{
    /// <summary>The topics.</summary>
    public string Template => template;

    /// <summary>
    /// What of the topic chooses the grain: names of the template in braces, separated by <c>/</c>, such as <c>{id}</c>. Default: all of them in their order. <see cref="TopicKey"/> says which
    /// grain's key comes of it.
    /// </summary>
    public string? Key { get; set; }

    /// <summary>Its name in metrics, logs and its dead-letter topic: one topic level. Default: that of the class, and behind a dot that of the method where that has the attribute.</summary>
    public string? Name { get; set; }

    /// <summary>Whether it is a filter: a handler that has messages before they are routed, and says what becomes of them. Default: false.</summary>
    public bool Filter { get; set; }

    /// <summary>Which of several filters of a topic has a message first: that of the lowest number, then of the first name in ordinal order. Each has what those before have made of it. Default: 0.</summary>
    public int Order { get; set; }

    /// <summary>
    /// Where a filter may move messages: a template like that of the topics. What a name stands for that occurs in both has to stay the same. Without it the filter moves none. Filters that might send
    /// a message round in a circle are refused when the silo starts.
    /// </summary>
    public string? MovesTo { get; set; }

    /// <summary>When publishers are acknowledged; means nothing for a filter, which they always wait for. Default: <see cref="AckMode.Routed"/>.</summary>
    public AckMode Ack { get; set; }

    /// <summary>
    /// How long the method may take for one message, in seconds, above 0, at most 1,800. Then the message has failed, as by an exception, <see cref="TopicContext.Cancellation"/> is cancelled, and
    /// the grain's other messages go to a new activation. Default: 30.
    /// </summary>
    public double TimeoutSeconds { get; set; } = 30;

    /// <summary>How often a message is given to the method before it has failed for good, 1 to 1,000. Default: 3.</summary>
    public int Attempts { get; set; } = 3;

    /// <summary>The pause after the first failure, in milliseconds, 0 to 60,000; it doubles with each one, up to a minute. The grain's other messages wait. Default: 100.</summary>
    public int BackOffMilliseconds { get; set; } = 100;

    /// <summary>Reads the payload instead of what its type would choose: a class that implements <see cref="IPayloadCodec{T}"/> of that type, made with the silo's services.</summary>
    public Type? Codec { get; set; }

    /// <summary>The payloads that are true, where the method takes a <see cref="bool"/>: words separated by commas, whatever their case. Default: <c>true,on,1,yes</c>.</summary>
    public string TrueWords { get; set; } = "true,on,1,yes";

    /// <summary>The payloads that are false. Default: <c>false,off,0,no</c>.</summary>
    public string FalseWords { get; set; } = "false,off,0,no";
}
