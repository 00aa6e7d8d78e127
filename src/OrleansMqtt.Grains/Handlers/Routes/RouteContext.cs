using System.Text;
using System.Text.Json;
using OrleansMqtt.Broker;
using OrleansMqtt.Handlers;
using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Routes;
using OrleansMqtt.Routes.Binding;

namespace OrleansMqtt.Grains.Handlers.Routes;

/// <summary>A message for mapped code.</summary>
/// <param name="context">The same as grains see it.</param>
/// <param name="clients">Knows the clients of this process; null where there are none.</param>
internal sealed class RouteContext(TopicContext context, IGatewayAccess? clients) : IMqttContext, IRouteValues
{
    private bool _isLookedUp;

    public string Topic => context.Topic;

    public string this[string name] => context[name];

    public ReadOnlyMemory<byte> Payload => context.Payload;

    public string PayloadText => field ??= Encoding.UTF8.GetString(context.Payload.Span);

    public QualityOfService QoS => context.QoS;

    public bool Retain => context.Retain;

    public string? ContentType => context.ContentType;

    public string? ResponseTopic => context.ResponseTopic;

    public ReadOnlyMemory<byte>? CorrelationData => context.CorrelationData;

    public IReadOnlyList<UserProperty> UserProperties => context.UserProperties;

    public int Attempt => context.Attempt;

    public CancellationToken Cancellation => context.Cancellation;

    public MqttClientInfo? Client
    {
        get
        {
            if (_isLookedUp || context.Publisher is not { } publisher) return field;
            _isLookedUp = true;
            return field = clients?.Find(publisher) ?? new MqttClientInfo(publisher);
        }
    }

    public T? PayloadAs<T>() => JsonSerializer.Deserialize<T>(context.Payload.Span, JsonSerializerOptions.Web);

    public Task PublishAsync<T>(string topic, T payload, QualityOfService qos, bool retain, CancellationToken cancellationToken) =>
        context.PublishAsync(topic, payload, qos, retain, cancellationToken);

    public FilterDecision Change<T>(T payload, QualityOfService? qos, bool? retain, string? topic, IReadOnlyList<UserProperty>? userProperties) => context.Change(payload, qos, retain, topic, userProperties);

    public Task ReplyAsync<T>(T payload, CancellationToken cancellationToken) => context.ReplyAsync(payload, cancellationToken);

    public object Find(Type type) => type == typeof(TopicContext) ? context : this;
}
