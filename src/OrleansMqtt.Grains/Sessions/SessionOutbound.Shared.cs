using Microsoft.Extensions.Logging;
using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Routing;
using OrleansMqtt.Sessions;
using OrleansMqtt.Storage;

namespace OrleansMqtt.Grains.Sessions;

/// <summary>What a member of a shared group gives back when it leaves.</summary>
internal sealed partial class SessionOutbound
{
    // Positions on their way to other members.
    private HashSet<long>? _returning;

    /// <summary>
    /// Offers messages of shared groups to other members: what was not sent, and QoS 1 that was not acknowledged. QoS 2 in flight stays with this client [MQTT-4.8.2-4].
    /// A message leaves this log when the other member has it; one that could not be handed over stays.
    /// </summary>
    public async Task ReturnSharedAsync(Func<SessionLogEntry, RouteResult> redeliver)
    {
        if (!HasShared) return;
        // What comes from now on comes from members that leave at the same time: two of them would send each other everything for ever.
        var end = _next;
        for (long from = 0; from < end;)
        {
            var page = await log.ReadAsync(clientId, from, PageSize);
            if (page.IsEmpty) return;
            await ReturnAsync(page.Where(stored => stored.Entry.Sequence < end && MayReturn(stored)).Select(static stored => stored.Entry), redeliver);
            from = page[^1].Entry.Sequence + 1;
        }
    }

    private bool MayReturn(StoredLogEntry stored) => stored.Entry.Group is not null
        && (stored.Entry.QoS != QualityOfService.ExactlyOnce || (!stored.Released && stored.Entry.Sequence >= SentBefore));

    private async Task ReturnAsync(IEnumerable<SessionLogEntry> entries, Func<SessionLogEntry, RouteResult> redeliver)
    {
        var offered = new List<(SessionLogEntry Entry, RouteResult Result)>();
        foreach (var entry in entries)
        {
            var result = redeliver(entry);
            // Whether a member on another gateway takes it is known later.
            if (result.Receivers > 0 || result.Pending is not null) offered.Add((entry, result));
        }
        if (offered.Count == 0) return;
        _returning = [.. offered.Select(static o => o.Entry.Sequence)];
        foreach (var (entry, result) in offered)
        {
            if (result.Pending is not { } pending) continue;
            await pending.WaitAsync();
            if (pending.Failure is null && result.Total > 0) continue;
            if (pending.Failure is not null) LogReturnFailed(logger, pending.Failure, clientId);
            _returning.Remove(entry.Sequence);
        }
        try
        {
            if (_returning.Count > 0) await UpdateAsync(new SessionLogUpdate([.. _returning.Order()], [], [], []));
            // A full queue may have dropped some of them meanwhile: those are accounted for.
            foreach (var (entry, _) in offered)
                if (_returning.Contains(entry.Sequence)) CountReturned(entry);
        }
        finally
        {
            _returning = null;
        }
    }

    // This copy goes on as another member's, where it is counted again.
    private void CountReturned(SessionLogEntry entry)
    {
        metrics.CountCopies(-1, 0);
        if (entry.Sequence >= SentBefore) metrics.CountWaiting(-1);
        else metrics.CountCopies(0, -1);
        (_count, _bytes) = (_count - 1, _bytes - entry.Message.Size);
    }

    [LoggerMessage(11, LogLevel.Warning, "Client {ClientId}: another member of a shared group could not take its message; the client's session keeps it.")]
    private static partial void LogReturnFailed(ILogger logger, Exception exception, string clientId);
}
