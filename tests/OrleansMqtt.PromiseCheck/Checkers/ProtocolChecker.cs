using OrleansMqtt.PromiseCheck.History;

namespace OrleansMqtt.PromiseCheck.Checkers;

/// <summary>The broker speaks MQTT, and brings every handshake of a history that has come to rest to its end.</summary>
internal static class ProtocolChecker
{
    /// <summary>What was forbidden, and what was left open.</summary>
    public static IEnumerable<Finding> Check(MessageHistory history)
    {
        foreach (var item in history.Events.Where(static e => e.Kind == EventKind.Malformed))
            yield return new Finding(FindingKind.Malformed, $"To {item.Client}: {item.Reason}", item);
        foreach (var sent in history.Sent.Values.Where(static s => s.GivenUp is null && (s.IsExactlyOnce ? s.Completed : s.Acknowledged) is null))
        {
            var text = $"\"{sent.Published.Value}\" waits for {(sent.Acknowledged is null ? "its acknowledgement" : "PUBCOMP")}.";
            yield return new Finding(FindingKind.Unanswered, text, sent.Published, sent.Acknowledged);
        }
    }
}
