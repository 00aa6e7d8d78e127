namespace OrleansMqtt.Events;

/// <summary>What becomes of events.</summary>
public sealed record EventOptions
{
    /// <summary>What is published on `$events/`. Default: nothing.</summary>
    public EventKinds Publish { get; init; }

    /// <summary>How many events may wait for one observer, or to be published, 1 to 1,000,000. Default: 10,000.</summary>
    public int MaxWaiting { get; init; } = 10_000;
}
