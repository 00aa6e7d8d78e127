using OrleansMqtt.PromiseCheck.History;

namespace OrleansMqtt.PromiseCheck.Checkers;

/// <summary>
/// No acknowledged message is lost: it reaches every persistent session whose subscription was granted before it was published. The promise
/// holds from PUBACK at QoS 1, and at QoS 2 from PUBREC: from there on the publisher must not send the message again, so that nobody but
/// the broker has it. The history is one that has come to rest; before, what is still on its way counts as lost.
/// </summary>
internal static class LossChecker
{
    /// <summary>What was lost, one finding per message and subscriber.</summary>
    public static IEnumerable<Finding> Check(MessageHistory history)
    {
        foreach (var (client, subscriptions) in history.Subscriptions)
        {
            var received = history.Receipts(client).Select(static r => r.Value!).ToHashSet();
            foreach (var (value, sent) in history.Sent)
            {
                if (sent.Acknowledged is null || received.Contains(value)) continue;
                if (!(subscriptions.Since(sent.Published.Topic!) < sent.Published.Number)) continue;
                yield return Describe(history, client, sent, sent.Acknowledged);
            }
        }
    }

    private static Finding Describe(MessageHistory history, string client, SentMessage sent, HistoryEvent acknowledged) => new(
        FindingKind.Lost,
        $"{client} never received \"{sent.Published.Value}\", acknowledged to {sent.Published.Client} at QoS {sent.Published.QoS}.",
        Evidence(history, client, sent, acknowledged));

    /// <summary>Beside the message's own events: the kill that may have cost it, whether it came but under an identifier still in use, and
    /// some of those who got it.</summary>
    private static IEnumerable<HistoryEvent?> Evidence(MessageHistory history, string client, SentMessage sent, HistoryEvent acknowledged)
    {
        const int Some = 2;
        var copies = history.Events.Where(e => e.Kind is EventKind.Received or EventKind.Suppressed && e.Value == sent.Published.Value).ToList();
        var (here, elsewhere) = (copies.Where(e => e.Client == client), copies.Where(e => e.Client != client));
        HistoryEvent?[] own = [sent.Published, acknowledged, sent.Completed, history.KillAfter(acknowledged)];
        foreach (var item in here.Concat(elsewhere.Take(Some)).Concat(own)) yield return item;
    }
}
