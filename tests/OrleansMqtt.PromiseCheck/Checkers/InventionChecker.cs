using OrleansMqtt.PromiseCheck.History;

namespace OrleansMqtt.PromiseCheck.Checkers;

/// <summary>Nothing is invented: what a persistent session receives was sent before, to that topic, and matches a subscription of it.</summary>
internal static class InventionChecker
{
    /// <summary>What was invented, one finding per receipt.</summary>
    public static IEnumerable<Finding> Check(MessageHistory history) =>
        from client in history.Receivers
        from receipt in history.Receipts(client)
        let source = history.Sent.GetValueOrDefault(receipt.Value!)?.Published ?? history.Wills.GetValueOrDefault(receipt.Value!)
        let problem = Problem(history, receipt, source)
        where problem is not null
        select new Finding(FindingKind.Invented, $"{client} received \"{receipt.Value}\": {problem}.", source, receipt);

    private static string? Problem(MessageHistory history, HistoryEvent receipt, HistoryEvent? source)
    {
        if (source is null) return "nobody sent it";
        if (source.Number > receipt.Number) return "it was sent later";
        if (source.Topic != receipt.Topic) return "it was sent to another topic";
        return history.Subscriptions.GetValueOrDefault(receipt.Client)?.Since(receipt.Topic!) is null ? "no subscription matches" : null;
    }
}
