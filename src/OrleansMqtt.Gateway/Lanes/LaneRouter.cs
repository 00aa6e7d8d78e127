using System.Collections.Concurrent;
using OrleansMqtt.Diagnostics;
using OrleansMqtt.Messages;
using OrleansMqtt.Routing;
using OrleansMqtt.Sessions;

namespace OrleansMqtt.Gateway.Lanes;

/// <summary>
/// The router of a gateway that has no silo in its process: everything that one client publishes goes, in its order, through one <see cref="Lane"/> to a router grain.
/// How many receivers there are is known when that has answered.
/// </summary>
internal sealed class LaneRouter : ILocalRouter, IDisposable
{
    private readonly LaneServices _services;
    private readonly Lane[] _lanes;
    private readonly ConcurrentDictionary<string, Gathering<SessionLogEntry>> _sessions = new();

    public LaneRouter(LaneServices services)
    {
        _services = services;
        _lanes = [.. Enumerable.Range(0, services.Options.Count).Select(number => new Lane(services, number))];
    }

    /// <summary>The lane of everything that a client publishes; null for the broker itself.</summary>
    public Lane LaneOf(string? publisher)
    {
        // The same in every process and version, so that what is seen in one can be told from another.
        var hash = 14695981039346656037ul;
        foreach (var c in publisher ?? "") hash = (hash ^ c) * 1099511628211ul;
        return _lanes[(int)((hash ^ (hash >> 32)) % (uint)_lanes.Length)];
    }

    /// <inheritdoc/>
    public RouteResult Route(ref PublishView publish) => LaneOf(publish.Publisher).Route(ref publish);

    /// <inheritdoc/>
    public RouteResult Redeliver(SharedGroupKey group, Message message, string leavingClient)
    {
        var pending = new PendingPublish();
        LaneOf(message.Publisher).Add(message, pending, group, leavingClient);
        return new RouteResult(0, pending);
    }

    /// <inheritdoc/>
    public void Append(string clientId, SessionLogEntry entry, Action<Exception?> done)
    {
        while (!_sessions.GetOrAdd(clientId, CreateSessionGathering).TryAdd(entry, done))
        {
            // It has just run dry and is leaving the dictionary; the next look finds or makes another.
        }
    }

    /// <inheritdoc/>
    // Only the topic grains know.
    public bool MayHoldRetained(ReadOnlySpan<byte> filter) => true;

    /// <inheritdoc/>
    public bool MayHoldRetained(int partition, ReadOnlySpan<byte> filter) => true;

    /// <inheritdoc/>
    public Task RetainedStoredAsync(int partition) => DrainAsync();

    /// <summary>Completes when everything that has been routed so far is with its receivers, or has failed.</summary>
    public Task DrainAsync() => Task.WhenAll(_lanes.Select(static lane => lane.DrainAsync()));

    /// <summary>Gives up what is still held.</summary>
    public void Dispose()
    {
        foreach (var lane in _lanes) lane.Stop();
    }

    private Gathering<SessionLogEntry> CreateSessionGathering(string clientId)
    {
        var session = _services.Grains.GetGrain<ISessionGrain>(SessionKey.Of(clientId));
        return new Gathering<SessionLogEntry>(
            async batch =>
            {
                if (await session.DeliverAsync([.. batch])) return;
                // Its client is gone for good, and what was meant for it has no receiver.
                _services.Metrics.CountCopies(batch.Count, 0);
                _services.Metrics.CountDropped(DropReason.SessionEnded, batch[0].Message.Topic, clientId, batch.Count);
            },
            _services.Logger,
            gathering => _sessions.TryRemove(new KeyValuePair<string, Gathering<SessionLogEntry>>(clientId, gathering)),
            DeliveryBatch.Run);
    }
}
