using OrleansMqtt.PromiseCheck.History;

namespace OrleansMqtt.PromiseCheck.Checkers;

/// <summary>Each will comes as often as its <see cref="WillRule"/> says, to each persistent QoS 2 subscriber of its topic.</summary>
internal static class WillChecker
{
    /// <summary>How many wills are under each duty.</summary>
    public static IReadOnlyDictionary<WillDuty, int> CountDuties(MessageHistory history) =>
        WillLife.Of(history).CountBy(life => WillRule.For(life, history).Duty).ToDictionary();

    /// <summary>What came too often or too rarely, one finding per will and subscriber.</summary>
    public static IEnumerable<Finding> Check(MessageHistory history)
    {
        var judged = WillLife.Of(history).Select(life => (Life: life, Rule: WillRule.For(life, history))).ToList();
        foreach (var (client, subscriptions) in history.Subscriptions)
        {
            var receipts = history.Receipts(client).Where(r => history.Wills.ContainsKey(r.Value!)).ToLookup(static r => r.Value!);
            foreach (var (life, rule) in judged)
            {
                if (!(subscriptions.Since(life.Connecting.Topic!) < life.Connecting.Number)) continue;
                var came = receipts[life.Connecting.Value!].ToList();
                if (Judge(rule.Duty, came.Count) is not { } kind) continue;
                var text = $"{client} received the will \"{life.Connecting.Value}\" {Times(came.Count)}; " +
                    $"right is {Right(rule.Duty)}, since {rule.Why}.";
                yield return new Finding(kind, text, Evidence(history, life, came));
            }
        }
    }

    private static FindingKind? Judge(WillDuty duty, int count) => (duty, count) switch
    {
        (WillDuty.Never, > 0) => FindingKind.WillUnwanted,
        (WillDuty.Once, 0) => FindingKind.WillMissing,
        (_, > 1) => FindingKind.WillDoubled,
        _ => null,
    };

    private static IEnumerable<HistoryEvent?> Evidence(MessageHistory history, WillLife life, List<HistoryEvent> came)
    {
        var kill = history.KillAfter(life.Connecting);
        var restart = history.Outages.Find(outage => outage.Kill == kill)?.Back;
        return [life.Connecting, life.Connected, kill, restart, life.End, life.Disconnected, life.Returns.FirstOrDefault(), life.Returned, .. came];
    }

    private static string Times(int count) => count == 1 ? "once" : $"{count} times";

    private static string Right(WillDuty duty) => duty switch
    {
        WillDuty.Never => "never",
        WillDuty.Once => "exactly once",
        _ => "at most once",
    };
}
