using System.Diagnostics.Metrics;

namespace OrleansMqtt.Grains.Handlers;

/// <summary>The instruments of handlers: as many names as there are handlers deployed.</summary>
internal sealed class HandlerMetrics : IDisposable
{
    private readonly Meter _meter = new("OrleansMqtt");
    private readonly HandlerTable _table;

    public HandlerMetrics(HandlerTable table)
    {
        _table = table;
        if (table.IsEmpty) return;
        Observe("orleansmqtt.handlers.handled", "{message}", "Messages that handlers have returned from", static counts => counts.Handled);
        Observe("orleansmqtt.handlers.failed", "{attempt}", "Times that handlers have thrown", static counts => counts.Failed);
        Observe("orleansmqtt.handlers.timed_out", "{attempt}", "Times that handlers took too long", static counts => counts.TimedOut);
        Observe("orleansmqtt.handlers.dead_lettered", "{message}", "Messages that handlers could not read or failed for good", static counts => counts.DeadLettered);
        Observe("orleansmqtt.handlers.denied", "{message}", "Messages that filters have denied; those that they failed with are dead letters", static counts => counts.Denied);
        Observe("orleansmqtt.handlers.dropped", "{message}", "Messages that expired before they were handled, or found no room", static counts => counts.Dropped);
    }

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();

    private void Observe(string name, string unit, string description, Func<HandlerCounts, long> value) =>
        _meter.CreateObservableCounter(name, () => _table.All.Select(handler => new Measurement<long>(value(handler.Counts), new KeyValuePair<string, object?>("handler", handler.Name))), unit, description);
}
