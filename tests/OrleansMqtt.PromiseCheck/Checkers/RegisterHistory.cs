using OrleansMqtt.PromiseCheck.History;

namespace OrleansMqtt.PromiseCheck.Checkers;

/// <summary>
/// Retained messages as registers, one per topic. A write lasts from PUBLISH to PUBACK, and at QoS 2 to PUBCOMP: the broker may hand on the
/// message at PUBREL only. A write that was refused or given up has no end. A read lasts from SUBSCRIBE to the retained message; one without
/// a result is none. That nothing came in time is no result while something fails: the broker may have had no chance to send it.
/// </summary>
internal static class RegisterHistory
{
    /// <summary>The operations by topic.</summary>
    public static Dictionary<string, List<RegisterOperation>> Of(MessageHistory history)
    {
        var registers = new Dictionary<string, List<RegisterOperation>>();
        foreach (var sent in history.Sent.Values.Where(static s => s.Published.Retain == true))
        {
            var end = sent.IsExactlyOnce ? sent.Completed : sent.Acknowledged;
            Add(sent.Published.Topic!, new(true, sent.Published.Value, sent.Published.Number, end?.Number, Known(sent.Published, end)));
        }

        var started = new Dictionary<string, HistoryEvent>(); // By client: each reads one at a time.
        foreach (var item in history.Events)
        {
            if (item.Kind == EventKind.ReadStarted) started[item.Client] = item;
            if (item.Kind != EventKind.ReadFinished || !started.Remove(item.Client, out var start)) continue;
            if (item.Value is null && history.Outages.Exists(outage => outage.Overlaps(start, item))) continue;
            Add(start.Topic!, new(false, item.Value, start.Number, item.Number, start, item));
        }

        return registers;

        void Add(string topic, RegisterOperation operation)
        {
            if (!registers.TryGetValue(topic, out var operations)) registers.Add(topic, operations = []);
            operations.Add(operation);
        }
    }

    private static HistoryEvent[] Known(params IEnumerable<HistoryEvent?> events) => [.. events.OfType<HistoryEvent>()];
}
