using OrleansMqtt.Gateway.Delivery;
using OrleansMqtt.Messages;

namespace OrleansMqtt.Gateway.Subscriptions;

/// <summary>The connected clients of this gateway that have one filter. Used only under the lock of <see cref="LocalSubscriptions"/>.</summary>
internal sealed class LocalFilter
{
    private readonly List<(Subscriber Subscriber, SubscriptionOptions Options)> _subscribers = new(1);
    private LocalRoute[]? _routes;

    /// <summary>Completed when the topic grain, and so every silo, knows that this gateway wants the filter.</summary>
    public Task Registration { get; set; } = Task.CompletedTask;

    public bool IsEmpty => _subscribers.Count == 0;

    /// <summary>The clients as receivers: one array for all topics, made when the first one leads here.</summary>
    public LocalRoute[] Routes => _routes ??= [.. _subscribers.Select(static s => new LocalRoute(s.Subscriber, s.Options))];

    /// <summary>Adds or replaces [MQTT-3.8.4-3]; returns whether the subscription is new.</summary>
    public bool Set(Subscriber subscriber, SubscriptionOptions options)
    {
        _routes = null;
        var index = _subscribers.FindIndex(s => s.Subscriber == subscriber);
        if (index >= 0) _subscribers[index] = (subscriber, options);
        else _subscribers.Add((subscriber, options));
        return index < 0;
    }

    public bool Remove(Subscriber subscriber)
    {
        _routes = null;
        return _subscribers.RemoveAll(s => s.Subscriber == subscriber) > 0;
    }
}
