using OrleansMqtt.PromiseCheck.History;

namespace OrleansMqtt.PromiseCheck.Checkers;

/// <summary>The ways to break a promise.</summary>
internal enum FindingKind
{
    /// <summary>The broker had no session where it must have kept one.</summary>
    SessionLost,

    /// <summary>An acknowledged message did not reach a matching persistent subscriber.</summary>
    Lost,

    /// <summary>A message came that nobody sent, or that nobody there subscribed to.</summary>
    Invented,

    /// <summary>Messages of one publisher on one topic came in another order than they were sent.</summary>
    Disordered,

    /// <summary>A QoS 2 message came twice to a QoS 2 subscriber.</summary>
    DuplicatedQoS2,

    /// <summary>The values read from a topic's retained message fit no order of its writes.</summary>
    StaleRead,

    /// <summary>A will that must come did not.</summary>
    WillMissing,

    /// <summary>A will came twice.</summary>
    WillDoubled,

    /// <summary>A will came of a client that had taken it back.</summary>
    WillUnwanted,

    /// <summary>The broker left a handshake open to the end.</summary>
    Unanswered,

    /// <summary>The broker sent what MQTT forbids.</summary>
    Malformed,
}

/// <summary>A broken promise.</summary>
/// <param name="kind">Which.</param>
/// <param name="text">What happened, in a sentence.</param>
/// <param name="evidence">Events that show it, in any order; looked for only when asked for, since a bad broker breaks thousands.</param>
internal sealed class Finding(FindingKind kind, string text, params IEnumerable<HistoryEvent?> evidence)
{
    /// <summary>Which.</summary>
    public FindingKind Kind { get; } = kind;

    /// <summary>What happened, in a sentence.</summary>
    public string Text { get; } = text;

    /// <summary>The offending history, in order: what is needed to judge by hand.</summary>
    public IReadOnlyList<HistoryEvent> Events =>
        [.. evidence.OfType<HistoryEvent>().DistinctBy(static e => e.Number).OrderBy(static e => e.Number)];
}
