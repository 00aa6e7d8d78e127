using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using OrleansMqtt.Diagnostics;
using OrleansMqtt.Gateways;
using OrleansMqtt.Messages;
using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Routing;
using OrleansMqtt.Sessions;
using OrleansMqtt.Topics;

namespace OrleansMqtt.Grains.Routing;

/// <summary>
/// The routing code: looks a publish up in the silo's replica and hands it to every receiver. Runs on the caller's thread and never
/// waits; what needs a grain call (logs of persistent sessions, retained messages) gathers per receiver.
/// </summary>
internal sealed class Router(
    RouteReplica replica, IGrainFactory grains, TopicPartitions partitions, BrokerMetrics metrics, ILogger<Router> logger, ILocalGateway? gateway = null) : ILocalRouter
{
    private readonly ConcurrentDictionary<string, Gathering<SessionLogEntry>> _sessions = new();
    private readonly ConcurrentDictionary<int, Gathering<Message>> _retained = new();
    private int _retaining;

    /// <inheritdoc/>
    public RouteResult Route(ref PublishView publish)
    {
        PendingPublish? pending = null;
        // Before anybody is looked up: a subscription that this lookup misses reads its retained messages later and finds this one among
        // them, and whoever has seen this one live finds no older one there.
        if (publish.Retain) Retain(ref pending, publish.ToMessage());
        var routes = replica.Match(publish.Topic);
        var receivers = 0;
        foreach (var name in routes.Gateways)
            if (gateway is not null && name == gateway.Name) receivers += gateway.Deliver(ref publish);
        foreach (var route in routes.Sessions)
        {
            var subscription = route.ClientId == publish.Publisher ? route.ForPublisher : route.ForOthers;
            if (subscription is null) continue;
            receivers++;
            var qos = subscription.Effective(publish.QoS);
            // QoS 0 reaches a connected persistent session through its gateway; while it is away there is nothing to keep.
            if (qos == QualityOfService.AtMostOnce) continue;
            Append(ref pending, route.ClientId, new SessionLogEntry
            {
                Message = publish.ToMessage(),
                QoS = qos,
                Retain = publish.Retain && subscription.RetainAsPublished,
                SubscriptionIdentifiers = subscription.Identifiers,
            }, []);
        }
        foreach (var group in routes.Groups)
            if (OfferToGroup(ref publish, group, [], ref pending)) receivers++;
        pending?.Complete();
        return new RouteResult(receivers, pending);
    }

    /// <inheritdoc/>
    public RouteResult Redeliver(SharedGroupKey group, Message message, string leavingClient)
    {
        PendingPublish? pending = null;
        var receivers = OfferToOthers(group, message, [leavingClient], ref pending) ? 1 : 0;
        pending?.Complete();
        return new RouteResult(receivers, pending);
    }

    /// <inheritdoc/>
    public void Append(string clientId, SessionLogEntry entry, Action<Exception?> done) => Append(clientId, entry, [], done);

    private void Append(string clientId, SessionLogEntry entry, string[] tried, Action<Exception?> done)
    {
        void OnReturned(Exception? failure)
        {
            if (failure is SessionEndedException) PassOn(entry, [.. tried, clientId], done);
            else done(failure);
        }

        while (!_sessions.GetOrAdd(clientId, CreateSessionGathering).TryAdd(entry, OnReturned))
        {
            // It has just run dry and is leaving the dictionary; the next look finds or makes another.
        }
    }

    /// <inheritdoc/>
    // In this order: a message that is no longer on its way has been told to the replica.
    public bool MayHoldRetained(ReadOnlySpan<byte> filter) => Volatile.Read(ref _retaining) > 0 || replica.PresenceAnywhere.MayMatch(filter);

    /// <inheritdoc/>
    public bool MayHoldRetained(int partition, ReadOnlySpan<byte> filter) => replica.PresenceOf(partition).MayMatch(filter);

    /// <inheritdoc/>
    public Task RetainedStoredAsync(int partition) => _retained.TryGetValue(partition, out var gathering) ? gathering.BarrierAsync() : Task.CompletedTask;

    private bool OfferToGroup(ref PublishView publish, SharedGroup group, string[] except, ref PendingPublish? pending)
    {
        var candidates = group.Candidates(publish);
        // First to a connected member that is not busy. The streams of an ordered group stay with their members, busy or not.
        if ((!group.Key.Ordered && OfferToMembers(ref publish, group.Key, candidates, except, false, ref pending))
            || OfferToMembers(ref publish, group.Key, candidates, except, true, ref pending)) return true;
        if (except.Length == 0)
        {
            metrics.CountCopies(1, 0);
            metrics.CountDropped(DropReason.NoSharedMember);
        }
        return false;
    }

    private bool OfferToMembers(ref PublishView publish, SharedGroupKey group, IEnumerable<SharedMember> candidates, string[] except, bool mayWait, ref PendingPublish? pending)
    {
        foreach (var member in candidates)
        {
            if (except.Contains(member.ClientId) || (member.Gateway is null && !mayWait)) continue;
            var qos = publish.QoS < member.Options.MaximumQoS ? publish.QoS : member.Options.MaximumQoS;
            if (member.Persistent && qos != QualityOfService.AtMostOnce)
            {
                var message = publish.ToMessage();
                Append(ref pending, member.ClientId, new SessionLogEntry
                {
                    Message = message.Identity is { } identity ? message.With(identity: identity.By(group)) : message,
                    QoS = qos,
                    Retain = publish.Retain && member.Options.RetainAsPublished,
                    SubscriptionIdentifiers = member.Options.Identifier == 0 ? [] : [member.Options.Identifier],
                    Group = group,
                }, except);
                return true;
            }
            if (member.Gateway is not null && gateway is not null && member.Gateway == gateway.Name
                && gateway.DeliverShared(ref publish, member.ClientId, group, member.Options, qos, mayWait)) return true;
        }
        return false;
    }

    private void Append(ref PendingPublish? pending, string clientId, SessionLogEntry entry, string[] tried)
    {
        pending ??= new PendingPublish();
        pending.Add();
        Append(clientId, entry, tried, pending.Complete);
    }

    // A route can outlive its session by a moment: what came for a session that has ended goes to another member of its group, or has no
    // receiver. Here, and not in the session's grain, where one call would wait for another and, in the worst case, in a circle.
    // It goes to each member once: all of them may have ended.
    private void PassOn(SessionLogEntry entry, string[] tried, Action<Exception?> done)
    {
        PendingPublish? pending = null;
        if (entry.Group is not { } group || !OfferToOthers(group, entry.Message, tried, ref pending))
        {
            metrics.CountCopies(1, 0);
            metrics.CountDropped(DropReason.SessionEnded);
        }
        if (pending is null)
        {
            done(null);
            return;
        }
        pending.OnCompleted(_ => done(pending.Failure), null);
        pending.Complete();
    }

    private bool OfferToOthers(SharedGroupKey group, Message message, string[] except, ref PendingPublish? pending)
    {
        if (replica.FindGroup(group) is not { } found) return false;
        var publish = new PublishView(message);
        return OfferToGroup(ref publish, found, except, ref pending);
    }

    private Gathering<SessionLogEntry> CreateSessionGathering(string clientId)
    {
        var session = grains.GetGrain<ISessionGrain>(SessionKey.Of(clientId));
        return new Gathering<SessionLogEntry>(
            async batch =>
            {
                if (!await session.DeliverAsync([.. batch])) throw new SessionEndedException();
            },
            logger,
            gathering => _sessions.TryRemove(new KeyValuePair<string, Gathering<SessionLogEntry>>(clientId, gathering)),
            gateway is null ? null : gateway.WriteTogether);
    }

    private void Retain(ref PendingPublish? pending, Message message)
    {
        pending ??= new PendingPublish();
        pending.Add();
        Interlocked.Increment(ref _retaining);
        var publish = pending;
        var gathering = _retained.GetOrAdd(partitions.Of(message.Topic), static (partition, router) =>
        {
            var topic = router.grains.GetGrain<ITopicGrain>(partition);
            return new Gathering<Message>(batch => topic.RetainAsync([.. batch]), router.logger, together: router.gateway is null ? null : router.gateway.WriteTogether);
        }, (grains, logger, gateway));
        gathering.TryAdd(message, failure =>
        {
            Interlocked.Decrement(ref _retaining);
            publish.Complete(failure);
        });
    }
}
