using OrleansMqtt.PromiseCheck.Clients;
using OrleansMqtt.PromiseCheck.History;

namespace OrleansMqtt.PromiseCheck.Checkers;

/// <summary>
/// Order per publisher and topic: a subscriber meets the messages of each in the order of their publishing [MQTT-4.6.0-5]. Judged by first
/// occurrences, since a repetition at QoS 1 may come behind later messages; one at QoS 2 is the <see cref="DuplicateChecker"/>'s business.
/// Wills have no order.
/// </summary>
internal static class OrderChecker
{
    /// <summary>What came out of order, one finding per message that came behind a later one.</summary>
    public static IEnumerable<Finding> Check(MessageHistory history)
    {
        foreach (var client in history.Receivers)
        {
            var seen = new HashSet<string>();
            var latest = new Dictionary<string, (long Sequence, HistoryEvent Receipt)>();
            foreach (var receipt in history.Receipts(client))
            {
                if (!history.Sent.TryGetValue(receipt.Value!, out var sent) || !seen.Add(receipt.Value!)) continue;
                if (!MessageText.TrySplit(receipt.Value!, out var stream, out var sequence)) continue;
                if (!latest.TryGetValue(stream, out var before) || before.Sequence < sequence)
                {
                    latest[stream] = (sequence, receipt);
                    continue;
                }

                var text = $"{client} received \"{receipt.Value}\" behind \"{before.Receipt.Value}\".";
                var overtaking = history.Sent[before.Receipt.Value!].Published;
                yield return new Finding(FindingKind.Disordered, text, sent.Published, overtaking, before.Receipt, receipt);
            }
        }
    }
}
