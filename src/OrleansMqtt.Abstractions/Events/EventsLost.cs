namespace OrleansMqtt.Events;

/// <summary>Events that this observer was not told, because too many waited for it.</summary>
public sealed record EventsLost : BrokerEvent
{
    /// <summary>How many, since it was told last.</summary>
    public long Count { get; init; }
}
