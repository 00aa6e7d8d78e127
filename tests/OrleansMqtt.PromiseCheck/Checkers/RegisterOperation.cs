using OrleansMqtt.PromiseCheck.History;

namespace OrleansMqtt.PromiseCheck.Checkers;

/// <summary>A write to, or a read from, a register; it took effect at some moment between start and end.</summary>
/// <param name="IsWrite">Whether it is a write.</param>
/// <param name="Value">What was written or read; null is what the register holds before the first write. Each value is written once.</param>
/// <param name="Start">Just before the request left.</param>
/// <param name="End">Just after the answer came; null if none came: such a write may take effect at any time, or never.</param>
/// <param name="Events">The operation in the history.</param>
internal sealed record RegisterOperation(bool IsWrite, string? Value, long Start, long? End, params IReadOnlyList<HistoryEvent> Events);
