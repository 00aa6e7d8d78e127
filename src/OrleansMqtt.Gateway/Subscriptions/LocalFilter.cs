using OrleansMqtt.Gateway.Delivery;

namespace OrleansMqtt.Gateway.Subscriptions;

/// <summary>
/// The connected clients of this gateway that have one filter. Used only under the lock of <see cref="LocalSubscriptions"/>. Nearly all
/// filters of most systems have one client, so one costs nothing besides its route.
/// </summary>
internal sealed class LocalFilter
{
    private LocalRoute? _only;
    private Several? _several;

    /// <summary>Completed when the topic grain, and so every silo, knows that this gateway wants the filter.</summary>
    public Task Registration { get; set; } = Task.CompletedTask;

    public bool IsEmpty => _only is null && _several is not { Routes.Count: > 0 };

    /// <summary>The clients as receivers: one array for all topics. It may be remembered for a topic, so it is never changed.</summary>
    public LocalRoute[] Routes => _several?.ToArray() ?? _only?.Alone ?? [];

    /// <summary>Adds or replaces [MQTT-3.8.4-3]; returns whether the subscription is new.</summary>
    public bool Set(LocalRoute route)
    {
        if (_several is null && (_only is null || _only.Subscriber == route.Subscriber))
        {
            var isFirst = _only is null;
            _only = route;
            return isFirst;
        }
        _several ??= new Several(_only!);
        _only = null;
        return _several.Set(route);
    }

    public bool Remove(Subscriber subscriber)
    {
        if (_several is not null) return _several.Remove(subscriber);
        if (_only?.Subscriber != subscriber) return false;
        _only = null;
        return true;
    }

    // The array is made when it is asked for: one anew for each of many clients that come would be quadratic.
    private sealed class Several(LocalRoute first)
    {
        private LocalRoute[]? _array;

        public List<LocalRoute> Routes { get; } = [first];

        public LocalRoute[] ToArray() => _array ??= [.. Routes];

        public bool Set(LocalRoute route)
        {
            _array = null;
            var index = IndexOf(route.Subscriber);
            if (index >= 0) Routes[index] = route;
            else Routes.Add(route);
            return index < 0;
        }

        public bool Remove(Subscriber subscriber)
        {
            _array = null;
            var index = IndexOf(subscriber);
            if (index >= 0) Routes.RemoveAt(index);
            return index >= 0;
        }

        private int IndexOf(Subscriber subscriber)
        {
            for (var i = 0; i < Routes.Count; i++)
                if (Routes[i].Subscriber == subscriber) return i;
            return -1;
        }
    }
}
