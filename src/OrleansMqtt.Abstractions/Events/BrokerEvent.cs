namespace OrleansMqtt.Events;

/// <summary>Something that has happened in a gateway or silo; see <see cref="IBrokerObserver"/>. What is published of it on `$events/` is its JSON: a topic handler takes it as this type.</summary>
public abstract record BrokerEvent
{
    /// <summary>When, by the clock of the process where it happened.</summary>
    public DateTimeOffset At { get; init; }

    /// <summary>Name of the gateway or silo where it happened.</summary>
    public string Node { get; init; } = "";
}
