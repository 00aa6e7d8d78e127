using OrleansMqtt.PromiseCheck.History;

namespace OrleansMqtt.PromiseCheck.Checkers;

/// <summary>
/// Exactly once where both sides asked for it: a message published at QoS 2 comes once to a QoS 2 subscriber, which keeps its packet
/// identifiers, so that a second copy is the broker's. Where either side is QoS 1, copies are allowed, and counted. Wills are the
/// <see cref="WillChecker"/>'s business.
/// </summary>
internal static class DuplicateChecker
{
    /// <summary>What came more than once though it must not, one finding per copy.</summary>
    public static IEnumerable<Finding> Check(MessageHistory history) =>
        from copy in Copies(history)
        where IsExactlyOnce(copy)
        let text = $"{copy.Again.Client} received \"{copy.Again.Value}\" again."
        select new Finding(FindingKind.DuplicatedQoS2, text, Evidence(history, copy.Sent, copy.First, copy.Again));

    /// <summary>How many copies came that are allowed.</summary>
    public static int CountAllowed(MessageHistory history) => Copies(history).Count(static copy => !IsExactlyOnce(copy));

    /// <summary>Beside the message's own events: the PUBREL by which the client forgot the first copy's identifier, what became of its
    /// session, and the kills in between.</summary>
    private static IEnumerable<HistoryEvent?> Evidence(MessageHistory history, SentMessage sent, HistoryEvent first, HistoryEvent again)
    {
        foreach (var item in (HistoryEvent?[])[sent.Published, sent.Acknowledged, sent.Completed, first, again]) yield return item;
        foreach (var outage in history.Outages.Where(o => o.Overlaps(first, again))) yield return outage.Kill;
        foreach (var item in history.Events.Where(e => first.Number < e.Number && e.Number < again.Number && e.Client == first.Client))
        {
            if (item.Kind == EventKind.Connected || (item.Kind == EventKind.Released && item.PacketId == first.PacketId)) yield return item;
        }
    }

    private static bool IsExactlyOnce((SentMessage Sent, HistoryEvent First, HistoryEvent Again) copy) =>
        copy.Sent.IsExactlyOnce && copy.Again.QoS == 2;

    private static IEnumerable<(SentMessage Sent, HistoryEvent First, HistoryEvent Again)> Copies(MessageHistory history)
    {
        foreach (var client in history.Receivers)
        {
            var first = new Dictionary<string, HistoryEvent>();
            foreach (var receipt in history.Receipts(client))
            {
                if (history.Sent.TryGetValue(receipt.Value!, out var sent) && !first.TryAdd(receipt.Value!, receipt))
                    yield return (sent, first[receipt.Value!], receipt);
            }
        }
    }
}
