using OrleansMqtt.PromiseCheck.Checkers;

namespace OrleansMqtt.PromiseCheck.Reports;

/// <summary>The report for people.</summary>
internal static class ReportText
{
    private static readonly (FindingKind Kind, string Name)[] Names =
    [
        (FindingKind.SessionLost, "sessions lost"),
        (FindingKind.Lost, "acknowledged messages lost"),
        (FindingKind.Invented, "messages invented"),
        (FindingKind.Disordered, "messages out of order"),
        (FindingKind.DuplicatedQoS2, "QoS 2 messages duplicated"),
        (FindingKind.StaleRead, "retained values out of order"),
        (FindingKind.WillMissing, "wills missing"),
        (FindingKind.WillDoubled, "wills doubled"),
        (FindingKind.WillUnwanted, "wills unwanted"),
        (FindingKind.Unanswered, "handshakes left open"),
        (FindingKind.Malformed, "protocol errors"),
    ];

    /// <summary>The report line by line.</summary>
    public static IEnumerable<string> Lines(CheckReport report)
    {
        foreach (var shown in report.Shown)
        {
            yield return $"{shown.Kind}: {shown.Text}";
            foreach (var item in shown.Events) yield return $"  {item}";
        }

        foreach (var (name, count) in report.Counts) yield return $"{Words(name),-30}{count,10}";
        foreach (var (kind, name) in Names) yield return $"{name,-30}{report.Findings[kind],10}{(report.Findings[kind] == 0 ? "" : "  BROKEN")}";
        yield return report.IsFine ? $"Every promise was kept (seed {report.Seed})." : $"Promises were broken (seed {report.Seed}).";
    }

    /// <summary>The words of a name in camel case.</summary>
    private static string Words(string name) =>
        string.Concat(name.Select(static c => char.IsUpper(c) ? $" {char.ToLowerInvariant(c)}" : $"{c}"));
}
