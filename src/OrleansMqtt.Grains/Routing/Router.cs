using System.Collections.Concurrent;
using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using OrleansMqtt.Diagnostics;
using OrleansMqtt.Gateways;
using OrleansMqtt.Grains.Handlers;
using OrleansMqtt.Grains.Handlers.Filters;
using OrleansMqtt.Messages;
using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Routing;
using OrleansMqtt.Sessions;
using OrleansMqtt.Topics;

namespace OrleansMqtt.Grains.Routing;

/// <summary>
/// The routing code: looks a publish up in the silo's replica and hands it to every receiver. Runs on the caller's thread and never
/// waits; what needs a grain call (logs of persistent sessions, retained messages, handlers) gathers per receiver, as does what is for gateways in other processes.
/// </summary>
internal sealed class Router(
    RouteReplica replica, IGrainFactory grains, TopicPartitions partitions, BrokerMetrics metrics, ILogger<Router> logger, ILocalGateway? gateway = null,
    GatewayLinks? links = null, RoutingLeases? leases = null, HandlerQueues? handlers = null) : ILocalRouter
{
    private readonly GrainCalls? _calls = links is null ? null : new GrainCalls(links.Time, logger);
    private readonly ConcurrentDictionary<string, Gathering<SessionAppend>> _sessions = new();
    private readonly ConcurrentDictionary<int, Gathering<RetainedWrite>> _retained = new();
    private int _retaining;

    // A gateway that shares a silo's process asks nobody else: a process that was paused may go on with a replica that misses what was subscribed meanwhile.
    private bool MayRoute => leases is null || leases.AreInForce;

    /// <inheritdoc/>
    /// <remarks>While this silo has no leases nothing is routed: QoS 1 and 2 fails, so that the publisher sends it again, and QoS 0 is lost.</remarks>
    public RouteResult Route(ref PublishView publish) => MayRoute ? RouteNow(ref publish) : Refuse(publish.QoS);

    private static RouteResult Refuse(QualityOfService qos)
    {
        if (qos == QualityOfService.AtMostOnce) return default;
        var refused = new PendingPublish();
        refused.Complete(new NoRoutingLeaseException("This silo does not know all routes at present."));
        return new RouteResult(0, refused);
    }

    /// <summary>
    /// As <see cref="Route"/>, for a caller that has looked whether this silo may route before it began with what it has. What gateways in other processes have found,
    /// <paramref name="run"/>, where there is one, is told by <paramref name="index"/>.
    /// </summary>
    public RouteResult RouteNow(ref PublishView publish, LaneRun? run = null, int index = 0)
    {
        PendingPublish? pending = null;
        if (publish.Retain && handlers is { HaveFilters: true } && !publish.IsFiltered && replica.Match(publish.Topic).Filters is not null) return Filter(ref publish);
        // Before anybody is looked up: a subscription that this lookup misses reads its retained messages later and finds this one among
        // them, and whoever has seen this one live finds no older one there.
        if (publish.Retain) Retain(ref pending, ref publish);
        var routes = replica.Match(publish.Topic);
        if (routes.Filters is not null && !publish.IsFiltered) return Filter(ref publish);
        var receivers = 0;
        foreach (var name in routes.Gateways)
        {
            if (gateway is not null && name == gateway.Name) receivers += gateway.Deliver(ref publish);
            else if (links is not null) Send(name, ref publish, run, index, ref pending);
        }
        foreach (var route in routes.Sessions)
        {
            var subscription = route.ClientId == publish.Publisher ? route.ForPublisher : route.ForOthers;
            if (subscription is null) continue;
            receivers++;
            var qos = subscription.Effective(publish.QoS);
            // QoS 0 reaches a connected persistent session through its gateway; while it is away there is nothing to keep.
            if (qos == QualityOfService.AtMostOnce) continue;
            var entry = new SessionLogEntry
            {
                Message = publish.ToMessage(),
                QoS = qos,
                Retain = publish.Retain && subscription.RetainAsPublished,
                SubscriptionIdentifiers = subscription.Identifiers,
            };
            Append(ref pending, route.ClientId, entry, [], publish.Stream);
        }
        foreach (var group in routes.Groups)
            if (OfferToGroup(ref publish, group, [], ref pending)) receivers++;
        foreach (var route in routes.Handlers) handlers!.Add(route, ref publish, ref pending);
        if (routes.Tap is { } tap && !publish.FromOutside) tap.Take(ref publish);
        pending?.Complete();
        return new RouteResult(receivers + routes.Handlers.Length, pending);
    }

    // What becomes of it is known when its filters have had it: then it comes here again.
    private RouteResult Filter(ref PublishView publish) => new FilterRun(this, handlers!, publish.ToMessage(), publish.Stream, publish.ByHandler, publish.FromOutside).Start();

    /// <summary>The filters of a topic, in their order; null for none.</summary>
    public HandlerRoute[]? FiltersOf(ReadOnlySpan<byte> topic) => replica.Match(topic).Filters;

    private void Send(string name, ref PublishView publish, LaneRun? run, int index, ref PendingPublish? pending)
    {
        if (run is null) (pending ??= new PendingPublish()).Add();
        else run.Expect();
        links!.Deliver(name, ref publish, (IRouteWaiter?)run ?? pending!, index);
    }

    /// <inheritdoc/>
    // Its stamp says how it came the first time.
    public RouteResult Redeliver(SharedGroupKey group, Message message, string leavingClient) => PassOn(group, message.WithoutStamp(), leavingClient);

    /// <summary>As <see cref="Redeliver"/>, for a message that a lane brings for this: its stamp stays.</summary>
    public RouteResult PassOn(SharedGroupKey group, Message message, string leavingClient)
    {
        PendingPublish? pending = null;
        var receivers = OfferToOthers(group, message, [leavingClient], ref pending) ? 1 : 0;
        pending?.Complete();
        return new RouteResult(receivers, pending);
    }

    /// <inheritdoc/>
    public void Append(string clientId, SessionLogEntry entry, Action<Exception?> done) => Append(clientId, entry, [], null, done);

    private void Append(string clientId, SessionLogEntry entry, string[] tried, PublishStream? stream, Action<Exception?> done)
    {
        var append = new SessionAppend(this, clientId, entry, tried, stream, done);
        while (!_sessions.GetOrAdd(clientId, CreateSessionGathering).TryAdd(append, append.OnReturned))
        {
            // It has just run dry and is leaving the dictionary; the next look finds or makes another.
        }
    }

    /// <inheritdoc/>
    // In this order: a message that is no longer on its way has been told to the replica.
    public bool MayHoldRetained(ReadOnlySpan<byte> filter) => Volatile.Read(ref _retaining) > 0 || !MayRoute || replica.PresenceAnywhere.MayMatch(filter);

    /// <inheritdoc/>
    public bool MayHoldRetained(int partition, ReadOnlySpan<byte> filter) => !MayRoute || replica.PresenceOf(partition).MayMatch(filter);

    /// <inheritdoc/>
    public Task RetainedStoredAsync(int partition) => _retained.TryGetValue(partition, out var gathering) ? gathering.BarrierAsync() : Task.CompletedTask;

    private bool OfferToGroup(ref PublishView publish, SharedGroup group, string[] except, ref PendingPublish? pending)
    {
        var candidates = group.Candidates(publish);
        if (links is not null && group.Members.Any(member => member.Gateway is { } name && name != gateway?.Name))
        {
            pending ??= new PendingPublish();
            pending.Add();
            new SharedOffer(this, group.Key, publish.ToMessage(), [.. candidates], except, pending).GoOn();
            return false;
        }
        // First to a connected member that is not busy. The streams of an ordered group stay with their members, busy or not.
        if ((!group.Key.Ordered && OfferToMembers(ref publish, group.Key, candidates, except, false, ref pending))
            || OfferToMembers(ref publish, group.Key, candidates, except, true, ref pending)) return true;
        if (except.Length == 0) CountUntaken(publish.Topic);
        return false;
    }

    /// <summary>No member of a group could take a message.</summary>
    public void CountUntaken(ReadOnlySpan<byte> topic)
    {
        metrics.CountCopies(1, 0);
        metrics.CountDropped(DropReason.NoSharedMember, topic, null);
    }

    /// <summary>Asks one member of a group whose members are on several gateways.</summary>
    public OfferState OfferToMember(SharedOffer offer, SharedMember member)
    {
        var qos = offer.QoSFor(member);
        if (member.Persistent && qos != QualityOfService.AtMostOnce)
        {
            Append(member.ClientId, EntryOf(offer.Message, offer.Group, member, qos), offer.Except, null, offer.OnAppended);
            return OfferState.Asked;
        }
        if (member.Gateway is not { } name) return OfferState.Refused;
        if (gateway is not null && name == gateway.Name)
        {
            var publish = new PublishView(offer.Message);
            return gateway.DeliverShared(ref publish, member.ClientId, offer.Group, member.Options, qos, offer.MayWait) ? OfferState.Taken : OfferState.Refused;
        }
        var delivery = new GatewayDelivery(offer.Message, new SharedDelivery(member.ClientId, offer.Group, member.Options, qos, offer.MayWait));
        return links!.TrySend(name, delivery, offer) ? OfferState.Asked : OfferState.Refused;
    }

    private static SessionLogEntry EntryOf(Message message, SharedGroupKey group, SharedMember member, QualityOfService qos) => new()
    {
        Message = message.Identity is { } identity ? message.With(identity: identity.By(group)) : message,
        QoS = qos,
        Retain = message.Retain && member.Options.RetainAsPublished,
        SubscriptionIdentifiers = member.Options.Identifier == 0 ? [] : [member.Options.Identifier],
        Group = group,
    };

    private bool OfferToMembers(ref PublishView publish, SharedGroupKey group, IEnumerable<SharedMember> candidates, string[] except, bool mayWait, ref PendingPublish? pending)
    {
        foreach (var member in candidates)
        {
            if (except.Contains(member.ClientId) || (member.Gateway is null && !mayWait)) continue;
            var qos = publish.QoS < member.Options.MaximumQoS ? publish.QoS : member.Options.MaximumQoS;
            if (member.Persistent && qos != QualityOfService.AtMostOnce)
            {
                Append(ref pending, member.ClientId, EntryOf(publish.ToMessage(), group, member, qos), except, publish.Stream);
                return true;
            }
            if (member.Gateway is not null && gateway is not null && member.Gateway == gateway.Name
                && gateway.DeliverShared(ref publish, member.ClientId, group, member.Options, qos, mayWait)) return true;
        }
        return false;
    }

    private void Append(ref PendingPublish? pending, string clientId, SessionLogEntry entry, string[] tried, PublishStream? stream)
    {
        pending ??= new PendingPublish();
        pending.Add();
        Append(clientId, entry, tried, stream, pending.Complete);
    }

    /// <summary>
    /// A route can outlive its session by a moment: what came for a session that has ended goes to another member of its group, or has no receiver.
    /// </summary>
    // Here, and not in the session's grain, where one call would wait for another and, in the worst case, in a circle. It goes to each member once: all of them may have ended.
    public void PassOn(SessionLogEntry entry, string[] tried, Action<Exception?> done)
    {
        PendingPublish? pending = null;
        var taken = entry.Group is { } group && OfferToOthers(group, entry.Message, tried, ref pending);
        if (pending is null)
        {
            if (!taken) CountEnded(entry, tried);
            done(null);
            return;
        }
        pending.OnCompleted(_ =>
        {
            if (!taken && pending.Receivers == 0 && pending.Failure is null) CountEnded(entry, tried);
            done(pending.Failure);
        }, null);
        pending.Complete();
    }

    private void CountEnded(SessionLogEntry entry, string[] tried)
    {
        metrics.CountCopies(1, 0);
        metrics.CountDropped(DropReason.SessionEnded, entry.Message.Topic, tried is [.., var last] ? last : null);
    }

    private bool OfferToOthers(SharedGroupKey group, Message message, string[] except, ref PendingPublish? pending)
    {
        if (replica.FindGroup(group) is not { } found) return false;
        var publish = new PublishView(message);
        return OfferToGroup(ref publish, found, except, ref pending);
    }

    private Gathering<SessionAppend> CreateSessionGathering(string clientId)
    {
        var session = grains.GetGrain<ISessionGrain>(SessionKey.Of(clientId));
        return new Gathering<SessionAppend>(
            async batch =>
            {
                var entries = ThoseThatMayGo(batch, static append => append.Entry);
                if (entries.Length > 0 && !await DeliverAsync(session, entries).ConfigureAwait(false)) throw new SessionEndedException();
            },
            logger,
            gathering => _sessions.TryRemove(new KeyValuePair<string, Gathering<SessionAppend>>(clientId, gathering)),
            Together);
    }

    private static ImmutableArray<T> ThoseThatMayGo<TWrite, T>(List<TWrite> batch, Func<TWrite, T> what)
        where TWrite : StreamWrite
    {
        var going = ImmutableArray.CreateBuilder<T>(batch.Count);
        foreach (var write in batch)
            if (write.MayGo()) going.Add(what(write));
        return going.DrainToImmutable();
    }

    // What it writes to one client of this process leaves as one.
    private Action<Action>? Together { get; } = gateway is null ? null : DeliveryBatch.Run;

    private IGrainFactory Grains => grains;

    private ILogger Logger => logger;

    // A log passes over what it has taken before where that has an identity; QoS 1 may come twice. QoS 2 without one is not risked: its publisher is told.
    private Task<bool> DeliverAsync(ISessionGrain session, ImmutableArray<SessionLogEntry> entries) =>
        _calls is null || entries.Any(static e => e is { QoS: QualityOfService.ExactlyOnce, Message.Identity: null })
            ? session.DeliverAsync(entries)
            : _calls.RepeatAsync(() => session.DeliverAsync(entries));

    private async Task StoreAsync(ITopicGrain topic, List<RetainedWrite> writes)
    {
        var going = ThoseThatMayGo(writes, static write => write);
        if (going.IsEmpty) return;
        ImmutableArray<Message> messages = [.. going.Select(static write => write.Message)];
        var refused = await (_calls is null ? topic.RetainAsync(messages) : _calls.RepeatAsync(() => topic.RetainAsync(messages))).ConfigureAwait(false);
        foreach (var index in refused) going[index].IsRefused = true;
    }

    private void Retain(ref PendingPublish? pending, ref PublishView publish)
    {
        pending ??= new PendingPublish();
        pending.Add();
        Interlocked.Increment(ref _retaining);
        var told = pending;
        var write = new RetainedWrite(publish.ToMessage(), publish.Stream, failure =>
        {
            Interlocked.Decrement(ref _retaining);
            told.Complete(failure);
        });
        _retained.GetOrAdd(partitions.Of(write.Message.Topic), CreateRetainedGathering, this).TryAdd(write, write.OnReturned);
    }

    private static Gathering<RetainedWrite> CreateRetainedGathering(int partition, Router router)
    {
        var topic = router.Grains.GetGrain<ITopicGrain>(partition);
        return new Gathering<RetainedWrite>(
            batch => router.StoreAsync(topic, batch),
            router.Logger,
            together: router.Together);
    }
}
