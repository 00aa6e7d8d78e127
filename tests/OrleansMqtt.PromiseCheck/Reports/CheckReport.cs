using OrleansMqtt.PromiseCheck.Arguments;
using OrleansMqtt.PromiseCheck.Checkers;
using OrleansMqtt.PromiseCheck.History;

namespace OrleansMqtt.PromiseCheck.Reports;

/// <summary>What a run showed.</summary>
internal sealed record CheckReport
{
    /// <summary>Repeats the run's decisions.</summary>
    public required int Seed { get; init; }

    /// <summary>Whether the broker kept every promise.</summary>
    public bool IsFine => Findings.Values.All(static count => count == 0);

    /// <summary>What was counted, by name.</summary>
    public required IReadOnlyDictionary<string, long> Counts { get; init; }

    /// <summary>Broken promises by kind.</summary>
    public required IReadOnlyDictionary<FindingKind, int> Findings { get; init; }

    /// <summary>Some of each kind, to judge by hand.</summary>
    public required IReadOnlyList<ShownFinding> Shown { get; init; }

    /// <summary>Checks a history that has come to rest.</summary>
    public static CheckReport Of(CheckSettings settings, IReadOnlyList<HistoryEvent> events)
    {
        var history = new MessageHistory(events, settings.Detection);
        var findings = AllFindings(history).ToLookup(static f => f.Kind);
        return new CheckReport
        {
            Seed = settings.Seed,
            Counts = EventCounts.Of(history),
            Findings = Enum.GetValues<FindingKind>().ToDictionary(static kind => kind, kind => findings[kind].Count()),
            Shown = [.. findings.SelectMany(kind => kind.Take(settings.Show)).Select(static f => new ShownFinding(f.Kind, f.Text, f.Events))],
        };
    }

    /// <summary>What all checkers find.</summary>
    public static IEnumerable<Finding> AllFindings(MessageHistory history) =>
    [
        .. SessionChecker.Check(history), .. LossChecker.Check(history), .. InventionChecker.Check(history), .. OrderChecker.Check(history),
        .. DuplicateChecker.Check(history), .. RegisterChecker.Check(history), .. WillChecker.Check(history), .. ProtocolChecker.Check(history),
    ];
}

/// <summary>A finding with its history.</summary>
/// <param name="Kind">Which promise.</param>
/// <param name="Text">What happened.</param>
/// <param name="Events">The offending history.</param>
internal sealed record ShownFinding(FindingKind Kind, string Text, IReadOnlyList<HistoryEvent> Events);
