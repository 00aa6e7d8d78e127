using System.Diagnostics.CodeAnalysis;
using OrleansMqtt.Handlers;
using OrleansMqtt.Routes.Binding;

namespace OrleansMqtt.Routes;

/// <summary>
/// The code that is mapped on publishes, subscriptions and connections. It takes part where it is among the services of a process (<see cref="MqttRouteServices.AddMqttRoutes"/>): what is mapped
/// on publishes in silos, the rest in gateways. It is checked and frozen when the host starts; several hosts may share one.
/// </summary>
/// <remarks>To be filled by one thread.</remarks>
public sealed class MqttRoutes : IMqttRouteBuilder
{
    private readonly List<PublishRoute> _publishes = [];
    private readonly List<ClientRoute> _subscribes = [], _connects = [];
    private volatile bool _isFrozen;

    [SuppressMessage("Design", "CA1033:Interface methods should be callable by child types", Justification = "It is sealed.")]
    MqttRoutes IMqttRouteBuilder.Routes => this;

    internal void AddPublish(RouteTarget target, TopicHandlerAttribute options, string? ownName = null)
    {
        RequireOpen();
        options.Name ??= NewName(ownName ?? NameOf(options.Template), _publishes.Select(static route => route.Options.Name));
        _publishes.Add(new PublishRoute(target, options));
    }

    internal void AddSubscribe(RouteTarget target, ClientRouteOptions options) => Add(_subscribes, target, options, NameOf(options.Template));

    internal void AddConnect(RouteTarget target, ClientRouteOptions options) => Add(_connects, target, options, "connect");

    internal void RequireOpen()
    {
        if (_isFrozen) throw new InvalidOperationException("The host has started: code is mapped before.");
    }

    internal bool HavePublishes => _publishes.Count > 0;

    internal bool HaveClientRoutes => _subscribes.Count + _connects.Count > 0;

    internal IReadOnlyList<PublishRoute> TakePublishes() => Freeze(_publishes);

    internal IReadOnlyList<ClientRoute> TakeSubscribes() => Freeze(_subscribes);

    internal IReadOnlyList<ClientRoute> TakeConnects() => Freeze(_connects);

    private void Add(List<ClientRoute> routes, RouteTarget target, ClientRouteOptions options, string name)
    {
        RequireOpen();
        options.Name ??= NewName(name, routes.Select(static route => route.Options.Name));
        routes.Add(new ClientRoute(target, options));
    }

    private List<T> Freeze<T>(List<T> routes)
    {
        _isFrozen = true;
        return routes;
    }

    // One topic level, as it ends the topic of its dead letters.
    private static string NameOf(string template) => template.Replace('/', '.').Replace('+', '-').Replace('#', '-');

    private static string NewName(string name, IEnumerable<string?> taken)
    {
        var names = taken.ToHashSet();
        var free = name;
        for (var number = 2; names.Contains(free); number++) free = $"{name}-{number}";
        return free;
    }
}
