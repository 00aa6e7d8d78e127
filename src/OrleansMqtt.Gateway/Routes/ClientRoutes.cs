using System.Collections.Immutable;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Runtime;
using OrleansMqtt.Gateway.Connections;
using OrleansMqtt.Gateway.Lanes;
using OrleansMqtt.Handlers.Payloads;
using OrleansMqtt.Routes;
using OrleansMqtt.Routes.Binding;
using OrleansMqtt.Sessions;

namespace OrleansMqtt.Gateway.Routes;

/// <summary>The code that is mapped on connections and subscriptions of this gateway's clients.</summary>
internal sealed partial class ClientRoutes
{
    private const double LongestTimeout = 1800;
    private readonly ImmutableArray<MappedCode> _connects, _subscribes;
    private readonly ClientCalls _calls;
    private readonly PayloadCodecs _codecs;

    private ClientRoutes(ImmutableArray<MappedCode> connects, ImmutableArray<MappedCode> subscribes, ClientCalls calls, PayloadCodecs codecs) =>
        (_connects, _subscribes, _calls, _codecs) = (connects, subscribes, calls, codecs);

    /// <summary>What is mapped among the services; null where nothing is.</summary>
    /// <exception cref="OrleansConfigurationException">With one sentence for everything that is wrong.</exception>
    public static ClientRoutes? Create(IServiceProvider services)
    {
        var routes = services.GetServices<MqttRoutes>().ToList();
        var (codecs, problems) = (services.GetRequiredService<PayloadCodecs>(), new List<string>());
        var binder = new RouteBinder(services, codecs);
        var connects = routes.SelectMany(static all => all.TakeConnects()).Select(route => Bind(route, RouteKind.Connect, binder, problems)).ToList();
        var subscribes = routes.SelectMany(static all => all.TakeSubscribes()).Select(route => Bind(route, RouteKind.Subscribe, binder, problems)).ToList();
        if (problems.Count > 0) throw new OrleansConfigurationException(string.Join(Environment.NewLine, problems));
        var logger = services.GetRequiredService<ILoggerFactory>().CreateLogger("OrleansMqtt.Gateway.Routes");
        if (services.GetService<LaneRouter>() is not null && routes.Sum(static all => all.TakePublishes().Count) is > 0 and var elsewhere) LogElsewhere(logger, elsewhere);
        if (connects.Count + subscribes.Count == 0) return null;
        var calls = new ClientCalls(services.GetRequiredService<TimeProvider>(), logger);
        return new ClientRoutes([.. connects!], [.. subscribes!], calls, codecs);
    }

    /// <summary>A client has connected: CONNACK is on its way. Never waits.</summary>
    public void OnConnected(ClientConnection connection)
    {
        if (!_connects.IsEmpty) _calls.Begin(connection, () => ConnectAsync(connection));
    }

    /// <summary>Subscriptions have been granted: SUBACK is on its way. Never waits.</summary>
    /// <param name="connection">The client.</param>
    /// <param name="context">The gateway.</param>
    /// <param name="subscriptions">What was granted.</param>
    /// <param name="isSubscribed">Whether a filter is still subscribed to.</param>
    public void OnSubscribed(ClientConnection connection, GatewayContext context, IReadOnlyList<SessionSubscription> subscriptions, Func<string, bool> isSubscribed)
    {
        if (_subscribes.IsEmpty) return;
        foreach (var subscription in subscriptions)
        {
            var matches = new List<(MappedCode Code, string[] Values)>();
            foreach (var code in _subscribes)
                if (code.Pattern!.Match(subscription.Filter) is { } values) matches.Add((code, values));
            if (matches.Count > 0) _calls.Begin(connection, () => SubscribeAsync(connection, new DirectDelivery(connection, context, subscription, isSubscribed), matches));
        }
    }

    private async Task ConnectAsync(ClientConnection connection)
    {
        var client = connection.Info;
        foreach (var code in _connects) await _calls.CallAsync(code, connection, cancellation => new ConnectValues(client, cancellation));
    }

    // In their order, so that it is known which result is the first one.
    private async Task SubscribeAsync(ClientConnection connection, DirectDelivery delivery, List<(MappedCode Code, string[] Values)> matches)
    {
        var (client, subscription, isAnswered) = (connection.Info, delivery.Subscription, false);
        foreach (var (code, values) in matches)
        {
            SubscribeContext? context = null;
            var result = await _calls.CallAsync(code, connection, cancellation => context = new SubscribeContext(subscription.Filter, code.Pattern!.Names, values, client, _codecs, delivery.SendAsync)
            {
                QoS = subscription.Options.MaximumQoS, SubscriptionIdentifier = subscription.Options.Identifier == 0 ? null : subscription.Options.Identifier, Cancellation = cancellation,
            });
            if (result is null || isAnswered) continue;
            isAnswered = true;
            await _calls.AnswerAsync(code, connection, context!, result);
        }
    }

    private static MappedCode? Bind(ClientRoute route, RouteKind kind, RouteBinder binder, List<string> problems)
    {
        var (options, before, pattern) = (route.Options, problems.Count, (SubscribePattern?)null);
        if (kind == RouteKind.Subscribe && (pattern = SubscribePattern.Parse(options.Template, out var problem)) is null) Refuse($"its template \"{options.Template}\" is malformed: {problem}");
        if (options.TimeoutSeconds is not (> 0 and <= LongestTimeout)) Refuse($"its time-out has to be above 0 and at most {LongestTimeout} seconds");
        var handler = binder.Bind(route.Target, kind, pattern?.Names ?? [], Refuse);
        return problems.Count > before ? null : new MappedCode(options.Name!, pattern, handler!, TimeSpan.FromSeconds(options.TimeoutSeconds));

        void Refuse(string why) => problems.Add($"The handler {options.Name} is refused: {why}.");
    }

    [LoggerMessage(304, LogLevel.Information, "{Count} handlers are mapped on publishes, which do not run in this gateway: the silos of the cluster are to have them.")]
    private static partial void LogElsewhere(ILogger logger, int count);

    private sealed class ConnectValues(MqttClientInfo client, CancellationToken cancellation) : IRouteValues
    {
        public string this[string name] => throw new NotSupportedException();

        public ReadOnlyMemory<byte> Payload => throw new NotSupportedException();

        public MqttClientInfo Client => client;

        public CancellationToken Cancellation => cancellation;

        public object Find(Type type) => throw new NotSupportedException();
    }
}
