using OrleansMqtt.PromiseCheck.History;

namespace OrleansMqtt.PromiseCheck.Checkers;

/// <summary>A time without broker, or with a part of it gone.</summary>
/// <param name="kill">The beginning of the kill.</param>
internal sealed class Outage(HistoryEvent kill)
{
    /// <summary>The beginning of the kill.</summary>
    public HistoryEvent Kill { get; } = kill;

    /// <summary>The broker accepts connections again; null if it never did.</summary>
    public HistoryEvent? Back { get; set; }

    /// <summary>Whether something that lasted from one event to another was under way meanwhile.</summary>
    public bool Overlaps(HistoryEvent from, HistoryEvent to) => Kill.Number < to.Number && from.Number < (Back?.Number ?? long.MaxValue);

    /// <summary>The same, where the broker may need some seconds afterwards to notice what has happened.</summary>
    public bool Overlaps(HistoryEvent from, HistoryEvent to, double detection) => Kill.Number < to.Number && from.At < (Back?.At ?? double.MaxValue) + detection;
}
