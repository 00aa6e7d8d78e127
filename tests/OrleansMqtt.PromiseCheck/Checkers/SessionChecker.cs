using OrleansMqtt.PromiseCheck.History;

namespace OrleansMqtt.PromiseCheck.Checkers;

/// <summary>Sessions are kept: CONNACK has said so by accepting a session expiry, so the next connection finds the session.</summary>
internal static class SessionChecker
{
    /// <summary>Sessions that were gone.</summary>
    public static IEnumerable<Finding> Check(MessageHistory history)
    {
        var connecting = new Dictionary<string, HistoryEvent>();
        var connected = new Dictionary<string, HistoryEvent>();
        foreach (var item in history.Events)
        {
            if (item.Kind == EventKind.Connecting) connecting[item.Client] = item;
            if (item.Kind != EventKind.Connected) continue;
            var request = connecting.GetValueOrDefault(item.Client);
            if (request is { CleanStart: false } && item.SessionPresent == false && connected.TryGetValue(item.Client, out var before))
            {
                var kill = history.KillAfter(before);
                yield return new Finding(FindingKind.SessionLost, $"The session of {item.Client} was gone.", before, kill, request, item);
            }

            connected[item.Client] = item;
        }
    }
}
