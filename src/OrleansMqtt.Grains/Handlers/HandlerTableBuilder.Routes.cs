using OrleansMqtt.Broker;
using OrleansMqtt.Handlers;
using OrleansMqtt.Grains.Handlers.Routes;
using OrleansMqtt.Routes;
using OrleansMqtt.Routes.Binding;

namespace OrleansMqtt.Grains.Handlers;

// Code that is mapped on publishes: handlers without a grain.
internal sealed partial class HandlerTableBuilder
{
    // Apart from the types of grains; it names queues only.
    private const string RouteType = "mqtt-route.";

    /// <summary>Adds mapped code to the table.</summary>
    /// <param name="routes">The code.</param>
    /// <param name="binder">Binds its parameters.</param>
    /// <param name="clients">Knows the clients of this process; null where there are none.</param>
    public HandlerTableBuilder Add(IEnumerable<PublishRoute> routes, RouteBinder binder, IGatewayAccess? clients)
    {
        foreach (var route in routes) AddRoute(route, binder, clients);
        return this;
    }

    private void AddRoute(PublishRoute route, RouteBinder binder, IGatewayAccess? clients)
    {
        var (options, before) = (route.Options, _problems.Count);
        var template = TopicTemplate.Parse(options.Template, out var problem, withWildcards: true);
        if (template is null) Refuse($"its template \"{options.Template}\" is malformed: {problem}");
        Check(options, options.Name!, Refuse);
        var code = binder.Bind(route.Target, RouteKind.Publish, template?.Names ?? [], Refuse);
        var filter = RoleOf(options, code?.Result == typeof(FilterDecision), template, "return a FilterDecision", Refuse);
        if (_problems.Count > before) return;
        _handlers.Add(new TopicHandler
        {
            Name = options.Name!, Class = typeof(RouteRunner), GrainType = GrainType.Create(RouteType + options.Name), Template = template!, Key = KeyTemplate.Topic, Method = new RouteMethod(code!, clients), Filter = filter,
            Ack = options.Ack, Timeout = TimeSpan.FromSeconds(options.TimeoutSeconds), Attempts = options.Attempts, BackOff = TimeSpan.FromMilliseconds(options.BackOffMilliseconds),
        });

        void Refuse(string why) => _problems.Add($"The handler {options.Name} is refused: {why}.");
    }
}
