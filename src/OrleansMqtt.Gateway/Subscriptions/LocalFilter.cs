using OrleansMqtt.Gateway.Delivery;
using OrleansMqtt.Messages;

namespace OrleansMqtt.Gateway.Subscriptions;

/// <summary>
/// The connected clients of this gateway that have one filter. Used only under the lock of <see cref="LocalSubscriptions"/>. Nearly all
/// filters of most systems have one client, so one costs little more than its route.
/// </summary>
internal sealed class LocalFilter
{
    // The routes, exactly, or null while they are in the list only: an array anew for each of many clients would be quadratic.
    private LocalRoute[]? _routes = [];
    private List<LocalRoute>? _several;

    /// <summary>Completed when the topic grain, and so every silo, knows that this gateway wants the filter.</summary>
    public Task Registration { get; set; } = Task.CompletedTask;

    public bool IsEmpty => _several is { } several ? several.Count == 0 : _routes!.Length == 0;

    /// <summary>The clients as receivers: one array for all topics.</summary>
    public LocalRoute[] Routes => _routes ??= [.. _several!];

    /// <summary>Adds or replaces [MQTT-3.8.4-3]; returns whether the subscription is new.</summary>
    public bool Set(Subscriber subscriber, SubscriptionOptions options)
    {
        var route = new LocalRoute(subscriber, options);
        if (_several is null && (_routes!.Length == 0 || _routes[0].Subscriber == subscriber))
        {
            var isFirst = _routes.Length == 0;
            // A new array: the old one may be remembered for a topic.
            _routes = [route];
            return isFirst;
        }
        _several ??= [.. _routes!];
        _routes = null;
        var index = IndexOf(subscriber);
        if (index >= 0) _several[index] = route;
        else _several.Add(route);
        return index < 0;
    }

    public bool Remove(Subscriber subscriber)
    {
        _several ??= [.. _routes!];
        _routes = null;
        var index = IndexOf(subscriber);
        if (index >= 0) _several.RemoveAt(index);
        return index >= 0;
    }

    private int IndexOf(Subscriber subscriber)
    {
        for (var i = 0; i < _several!.Count; i++)
            if (_several[i].Subscriber == subscriber) return i;
        return -1;
    }
}
