using OrleansMqtt.PromiseCheck.Checkers;
using OrleansMqtt.PromiseCheck.History;

namespace OrleansMqtt.PromiseCheck.Reports;

/// <summary>What is counted of a history, apart from findings.</summary>
internal static class EventCounts
{
    /// <summary>Counts, by the names that reports use, in their order.</summary>
    public static IReadOnlyDictionary<string, long> Of(MessageHistory history)
    {
        var byKind = history.Events.CountBy(static e => e.Kind).ToDictionary();
        var duties = WillChecker.CountDuties(history);
        var clients = history.Events.Where(static e => e.Kind == EventKind.Subscribed || (e.Kind == EventKind.Connecting && e.CleanStart == false))
            .Select(static e => e.Client).ToHashSet();
        var connected = history.Events.Count(e => e.Kind == EventKind.Connected && clients.Contains(e.Client));
        return new Dictionary<string, long>
        {
            ["published"] = Count(EventKind.Published),
            ["resent"] = Count(EventKind.Resent),
            ["acknowledged"] = Count(EventKind.Acknowledged),
            ["rejected"] = Count(EventKind.Rejected),
            ["abandoned"] = Count(EventKind.Abandoned),
            ["received"] = Count(EventKind.Received),
            ["copiesAllowed"] = DuplicateChecker.CountAllowed(history),
            ["kills"] = history.Outages.Count,
            ["reconnects"] = connected - clients.Count,
            ["lostConnections"] = Count(EventKind.Lost),
            ["lostWithoutKill"] = history.Events.Count(e => e.Kind == EventKind.Lost && !IsNearKill(history, e)),
            ["refusedConnections"] = Count(EventKind.Refused),
            ["retainedReads"] = Count(EventKind.ReadFinished),
            ["readsAbandoned"] = Count(EventKind.ReadAbandoned),
            ["willsDue"] = duties.GetValueOrDefault(WillDuty.Once),
            ["willsTakenBack"] = duties.GetValueOrDefault(WillDuty.Never),
            ["willsOpen"] = duties.GetValueOrDefault(WillDuty.AtMostOnce),
        };

        long Count(EventKind kind) => byKind.GetValueOrDefault(kind);
    }

    /// <summary>Whether the loss of a connection falls into an outage, or so close behind it that it may have begun there.</summary>
    private static bool IsNearKill(MessageHistory history, HistoryEvent lost)
    {
        const double Close = 1;
        return history.Outages.Exists(o => o.Kill.Number < lost.Number && lost.At < (o.Back?.At ?? double.MaxValue) + Close);
    }
}
