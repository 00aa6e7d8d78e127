using OrleansMqtt.PromiseCheck.History;

namespace OrleansMqtt.PromiseCheck.Checkers;

/// <summary>How often a will may come.</summary>
internal enum WillDuty
{
    /// <summary>Never.</summary>
    Never,

    /// <summary>At most once: what the broker saw of the life is open.</summary>
    AtMostOnce,

    /// <summary>Exactly once.</summary>
    Once,
}

/// <summary>How often a will may come, and why.</summary>
/// <param name="Duty">How often.</param>
/// <param name="Why">The rule, as it goes on behind "since".</param>
internal sealed record WillRule(WillDuty Duty, string Why)
{
    /// <summary>How late the broker may be with a delayed will before a return no longer meets it in time, in seconds.</summary>
    public const double Lateness = 1;

    /// <summary>Finds the rule for a life.</summary>
    public static WillRule For(WillLife life, MessageHistory history)
    {
        if (life.Connected is null) return new(WillDuty.AtMostOnce, "no CONNACK came, so the broker may or may not have seen the CONNECT");
        if (life.End is null) return new(WillDuty.AtMostOnce, "the life has no end");
        if (life.End.Kind == EventKind.Disconnecting) return ForDisconnect(life, life.End, history);
        return life.Delay == 0
            ? new(WillDuty.Once, "the connection ended without DISCONNECT, and the will has no delay") // [MQTT-3.1.2-8]
            : ForDelay(life, life.Connected, life.End, history);
    }

    /// <summary>DISCONNECT has no acknowledgement but the broker's closing. Where a kill came in before it, the broker may not have read
    /// the DISCONNECT, or not have got to keep it; nor has a part of a cluster that was thought gone and does not know it yet.</summary>
    private static WillRule ForDisconnect(WillLife life, HistoryEvent disconnecting, MessageHistory history)
    {
        if (life.Disconnected is not { } closed) return new(WillDuty.AtMostOnce, "the broker was not seen to take the DISCONNECT");
        return history.Outages.Any(outage => outage.Overlaps(disconnecting, closed, history.Detection))
            ? new(WillDuty.AtMostOnce, "the broker was killed around the DISCONNECT")
            : new(WillDuty.Never, "the client disconnected normally"); // [MQTT-3.14.4-3]
    }

    /// <summary>A delay begins when the broker notices the end: not before the kill or the client's cut, and if the broker was down
    /// meanwhile maybe only when it is back. A kill comes before the cut where the client did not notice it.</summary>
    private static WillRule ForDelay(WillLife life, HistoryEvent connected, HistoryEvent end, MessageHistory history)
    {
        var earliest = history.Outages.Find(outage => outage.Overlaps(connected, end, history.Detection)) is { } first
            ? Math.Max(first.Kill.At, connected.At)
            : end.Kind == EventKind.Dropped ? end.At : connected.At;
        if (life.Returned is { } returned && returned.At < earliest + life.Delay)
            return new(WillDuty.Never, "the client was back before the delay was over"); // [MQTT-3.1.3-9]
        foreach (var comeback in life.Returns)
        {
            // It may have been back for as long as it was down: that it accepts is seen a moment later, and that all of it serves later still.
            if (history.Outages.Exists(outage => outage.Kill.Number < comeback.Number && !(outage.Back?.Number < comeback.Number)))
                return new(WillDuty.AtMostOnce, "the client came back before the broker was seen to be back");
            var latest = Math.Max(end.At, LastRestart(history, comeback)?.At ?? 0) + history.Detection;
            if (comeback.At <= latest + life.Delay + Lateness)
                return new(WillDuty.AtMostOnce, "the client came back when the delay was about over, or without CONNACK");
        }

        return new(WillDuty.Once, "the connection ended without DISCONNECT, and the client stayed away until the delay was over");
    }

    // A client may reach a broker that has just started before the checker sees that it accepts connections.
    private static HistoryEvent? LastRestart(MessageHistory history, HistoryEvent before) =>
        history.Outages.LastOrDefault(outage => outage.Kill.Number < before.Number) is not { } outage ? null
        : outage.Back is { } back && back.Number < before.Number ? back : before;
}
