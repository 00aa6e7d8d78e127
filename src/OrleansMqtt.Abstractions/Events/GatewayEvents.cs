using System.Collections.Immutable;

namespace OrleansMqtt.Events;

/// <summary>A gateway begins to start; none of its listeners is open.</summary>
public sealed record BrokerStarting : BrokerEvent;

/// <summary>A gateway's listeners are open.</summary>
public sealed record BrokerStarted : BrokerEvent
{
    /// <summary>Where it listens, as URLs.</summary>
    public ImmutableArray<string> Listeners { get; init; } = [];
}

/// <summary>A gateway has been told to stop; its clients are still there.</summary>
public sealed record BrokerStopping : BrokerEvent;

/// <summary>A gateway has no listener and no client any more.</summary>
public sealed record BrokerStopped : BrokerEvent;
