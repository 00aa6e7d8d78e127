using OrleansMqtt.PromiseCheck.History;

namespace OrleansMqtt.PromiseCheck.Checkers;

/// <summary>
/// Whether the operations on a register are linearizable: whether each can be given a moment within its interval, so that every read finds
/// what was written last. Since values are unique, this needs no search: the operations on a value stand together, so it suffices that of
/// two values that hold for a while neither holds while the other does, and that no value has to fit in while another holds (Gibbons and
/// Korach, "Testing shared memories", 1997). The tests compare it with the search of Wing and Gong.
/// </summary>
internal static class RegisterChecker
{
    private static readonly RegisterOperation Beginning = new(true, null, 0, 0);

    /// <summary>What fits no order, over all retained topics; with the kills that came in between.</summary>
    public static IEnumerable<Finding> Check(MessageHistory history) =>
        from register in RegisterHistory.Of(history)
        from finding in Check(register.Key, register.Value)
        let kills = history.Outages.Select(static o => o.Kill).Where(kill => IsWithin(kill, finding.Events))
        select new Finding(finding.Kind, finding.Text, [.. finding.Events, .. kills]);

    /// <summary>What fits no order, on one topic. At most one finding per value; none exactly if the operations are linearizable.</summary>
    public static IEnumerable<Finding> Check(string topic, IReadOnlyList<RegisterOperation> operations)
    {
        var writes = operations.Where(static o => o.IsWrite).Append(Beginning).ToDictionary(static w => w.Value ?? "");
        var reads = operations.Where(static o => !o.IsWrite).ToLookup(static r => r.Value ?? "");
        foreach (var read in reads.SelectMany(static r => r))
        {
            if (!writes.TryGetValue(read.Value ?? "", out var write) || read.End < write.Start)
                yield return Describe(topic, $"\"{read.Value}\" was read before anybody wrote it", read);
        }

        // A write without end that nobody saw need not have happened.
        var spans = writes.Where(w => w.Value.End is not null || reads.Contains(w.Key))
            .Select(w => new ValueSpan([w.Value, .. reads[w.Key]]))
            .OrderBy(static s => s.EarliestEnd)
            .ToList();
        foreach (var finding in Overlaps(topic, spans)) yield return finding;
    }

    private static bool IsWithin(HistoryEvent item, IReadOnlyList<HistoryEvent> events) =>
        events.Count > 0 && events[0].Number < item.Number && item.Number < events[^1].Number;

    private static IEnumerable<Finding> Overlaps(string topic, List<ValueSpan> spans)
    {
        var lasting = spans.Where(static s => s.HoldsForAWhile).ToList();
        var reach = new List<ValueSpan>(); // For each of them the one among it and those before it that holds longest.
        foreach (var span in lasting)
        {
            var before = reach.Count > 0 ? reach[^1] : null;
            if (before is not null && span.EarliestEnd < before.LatestStart) yield return Describe(topic, before, span);
            reach.Add(before is null || before.LatestStart < span.LatestStart ? span : before);
        }

        foreach (var moment in spans.Where(static s => !s.HoldsForAWhile))
        {
            var index = CountBefore(lasting, moment.LatestStart) - 1;
            if (index >= 0 && moment.EarliestEnd < reach[index].LatestStart) yield return Describe(topic, reach[index], moment);
        }
    }

    /// <summary>How many of the spans, ascending by earliest end, hold already at a time.</summary>
    private static int CountBefore(List<ValueSpan> spans, long time)
    {
        int low = 0, high = spans.Count;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (spans[middle].EarliestEnd < time) low = middle + 1;
            else high = middle;
        }

        return low;
    }

    private static Finding Describe(string topic, ValueSpan holding, ValueSpan other) => Describe(
        topic,
        $"\"{holding.FirstToEnd.Value}\" held from #{holding.EarliestEnd} to #{holding.LatestStart}, and \"{other.FirstToEnd.Value}\" in between",
        holding.FirstToEnd,
        holding.LastToStart,
        other.FirstToEnd,
        other.LastToStart);

    private static Finding Describe(string topic, string text, params IEnumerable<RegisterOperation> operations) =>
        new Finding(FindingKind.StaleRead, $"On {topic}, {text}.", operations.SelectMany(static IEnumerable<HistoryEvent?> (o) => o.Events));
}
