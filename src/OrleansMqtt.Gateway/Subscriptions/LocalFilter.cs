using OrleansMqtt.Gateway.Delivery;
using OrleansMqtt.Messages;

namespace OrleansMqtt.Gateway.Subscriptions;

/// <summary>The connected clients of this gateway that have one filter.</summary>
internal sealed class LocalFilter
{
    private readonly List<(Subscriber Subscriber, SubscriptionOptions Options)> _subscribers = new(1);

    /// <summary>Completed when the topic grain, and so every silo, knows that this gateway wants the filter.</summary>
    public Task Registration { get; set; } = Task.CompletedTask;

    public bool IsEmpty => _subscribers.Count == 0;

    public IReadOnlyList<(Subscriber Subscriber, SubscriptionOptions Options)> Subscribers => _subscribers;

    /// <summary>Adds or replaces [MQTT-3.8.4-3]; returns whether the subscription is new.</summary>
    public bool Set(Subscriber subscriber, SubscriptionOptions options)
    {
        var index = _subscribers.FindIndex(s => s.Subscriber == subscriber);
        if (index >= 0) _subscribers[index] = (subscriber, options);
        else _subscribers.Add((subscriber, options));
        return index < 0;
    }

    public bool Remove(Subscriber subscriber) => _subscribers.RemoveAll(s => s.Subscriber == subscriber) > 0;
}
