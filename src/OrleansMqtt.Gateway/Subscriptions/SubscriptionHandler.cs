using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using OrleansMqtt.Gateway.Connections;
using OrleansMqtt.Gateway.Delivery;
using OrleansMqtt.Gateway.Limits;
using OrleansMqtt.Messages;
using OrleansMqtt.Protocol.Codec;
using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Protocol.Topics;
using OrleansMqtt.Routing;
using OrleansMqtt.Sessions;

namespace OrleansMqtt.Gateway.Subscriptions;

/// <summary>One client's SUBSCRIBE and UNSUBSCRIBE. Answered when what they change is in force on every node.</summary>
/// <param name="connection">The client's connection.</param>
/// <param name="context">The gateway.</param>
/// <param name="session">The client's session where it is persistent; null otherwise.</param>
internal sealed partial class SubscriptionHandler(ClientConnection connection, GatewayContext context, ISessionGrain? session)
{
    private readonly Dictionary<string, SubscriptionOptions> _subscriptions = [];
    private readonly Lock _lock = new();
    private SubscriptionLimits? _limits;
    private (SubscriptionOptions Options, LocalRoute Route)? _latest;
    private bool _removed;

    private Subscriber Subscriber => connection.Subscriber!;

    /// <summary>
    /// Carries out SUBSCRIBE packets that came one behind the other, together: they are granted or, where something fails, refused together. Sends a SUBACK for each,
    /// then retained messages.
    /// </summary>
    public async Task SubscribeAsync(IReadOnlyList<SubscribePacket> packets)
    {
        var accepted = new List<SessionSubscription>(packets[0].Subscriptions.Count);
        var codes = new ReasonCode[packets.Count][];
        _limits ??= SubscriptionLimits.Of(context, connection.Version == ProtocolVersion.V50);
        _limits?.Begin();
        for (var i = 0; i < codes.Length; i++)
        {
            codes[i] = new ReasonCode[packets[i].Subscriptions.Count];
            if (Examine(packets[i], codes[i], accepted) is not { } violation) continue;
            connection.Close(violation.Reason, violation.Description);
            return;
        }
        var version = connection.Permissions?.Version;
        if (connection.Permissions is { } permissions && accepted.Count > 0) accepted = await DecideAsync(permissions, codes, accepted);
        if (CloseIfUntellable(codes)) return;
        List<SessionSubscription>? retained = null;
        if (accepted.Count > 0)
        {
            try
            {
                retained = await ApplyAsync(accepted);
            }
            catch (SessionTakenOverException)
            {
                return;
            }
#pragma warning disable CA1031 // A subscription that is not in force everywhere is not granted; the client is told.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                LogSubscribeFailed(context.Logger, exception, connection.LogName);
                foreach (var refused in codes) Array.Fill(refused, ReasonCode.UnspecifiedError);
                await WithdrawAsync(accepted);
                accepted = [];
            }
        }
        if (CloseIfUntellable(codes)) return;
        var feed = retained is null ? null : new RetainedFeed(Subscriber, context, session, retained, Has);
        if (feed is not null) await feed.PrepareAsync();
        TellSubscribed(packets, codes);
        using (DeliveryBatch.Begin())
        {
            for (var i = 0; i < codes.Length; i++)
                Subscriber.Write(PacketEncoder.Encode(new SubAckPacket { PacketId = packets[i].PacketId, ReasonCodes = codes[i] }, connection.Version)); // [MQTT-3.8.4-1], [MQTT-3.8.4-2]
            feed?.DeliverFirst();
        }
        _ = feed?.RunAsync();
        if (accepted.Count > 0) context.Routes?.OnSubscribed(connection, context, accepted, Has);
        // Whoever went over the subscriptions meanwhile has not seen these.
        if (connection.Permissions?.Version != version) await connection.ReviewAsync();
    }

    // Fills in the reason codes and adds what can be granted; returns how the packet breaks the protocol, or null.
    private ProtocolError? Examine(SubscribePacket packet, ReasonCode[] codes, List<SessionSubscription> accepted)
    {
        for (var i = 0; i < codes.Length; i++)
        {
            var requested = packet.Subscriptions[i];
            var filter = requested.Filter;
            if (!TopicFilter.IsValid(filter) || (connection.Mount is { } mount && !TopicFilter.IsValid(filter = mount.AddToFilter(filter))))
            {
                codes[i] = ReasonCode.TopicFilterInvalid;
                continue;
            }
            if (requested.NoLocal && SharedFilter.IsShared(filter)) return new ProtocolError(ReasonCode.ProtocolError, "No Local on a shared subscription"); // [MQTT-3.8.3-4]
            if (_limits?.Examine(requested.Filter, filter, _subscriptions.Count, Has) is { } refusal)
            {
                if (refusal.EndsConnection) return new ProtocolError(refusal.Reason, refusal.Description);
                codes[i] = refusal.Reason;
                continue;
            }
            var qos = requested.MaximumQoS < context.Limits.MaxQoS ? requested.MaximumQoS : context.Limits.MaxQoS; // [MQTT-3.2.2-10]
            codes[i] = (ReasonCode)qos; // [MQTT-3.8.4-7]
            accepted.Add(new SessionSubscription(filter, new SubscriptionOptions(
                qos, requested.NoLocal, requested.RetainAsPublished, requested.RetainHandling, packet.SubscriptionIdentifier ?? 0)));
        }
        return null;
    }

    // SUBACK of 3.1 can only grant; a client that could not be told of a refusal would wait for messages that never come.
    private bool CloseIfUntellable(ReasonCode[][] codes)
    {
        if (connection.Version != ProtocolVersion.V31) return false;
        var failure = codes.SelectMany(static packet => packet).FirstOrDefault(static code => code.IsFailure());
        if (!failure.IsFailure()) return false;
        connection.Close(failure, "a subscription of a 3.1 client is refused");
        return true;
    }

    /// <summary>Carries out an UNSUBSCRIBE and sends UNSUBACK.</summary>
    public async Task UnsubscribeAsync(UnsubscribePacket packet)
    {
        var codes = new ReasonCode[packet.Filters.Count];
        var filters = connection.Mount is { } mount ? [.. packet.Filters.Select(mount.AddToFilter)] : packet.Filters;
        var effective = new RouteBatch();
        try
        {
            if (session is not null && !await session.UnsubscribeAsync(connection.Epoch, [.. filters])) return;
            for (var i = 0; i < codes.Length; i++)
                codes[i] = Remove(filters[i], sessionEnds: true, effective) ? ReasonCode.Success : ReasonCode.NoSubscriptionExisted; // [MQTT-3.10.4-1]
            await effective.Seal();
        }
#pragma warning disable CA1031 // The client is told that it could not be done everywhere.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            LogSubscribeFailed(context.Logger, exception, connection.LogName);
            Array.Fill(codes, ReasonCode.UnspecifiedError);
        }
        TellUnsubscribed(filters, codes);
        using var batch = DeliveryBatch.Begin();
        Subscriber.Write(PacketEncoder.Encode(new UnsubAckPacket { PacketId = packet.PacketId, ReasonCodes = codes }, connection.Version)); // [MQTT-3.10.4-4], [MQTT-3.10.4-5]
    }

    /// <summary>Puts the subscriptions of a session that goes on in force here, but for those that the client may not have any more: these end.</summary>
    public async Task RestoreAsync(ImmutableArray<SessionSubscription> subscriptions)
    {
        var effective = new RouteBatch();
        foreach (var subscription in subscriptions) Add(subscription, effective);
        await effective.Seal();
        // Before CONNACK: nothing has come by them yet.
        await ReviewAsync();
    }

    /// <summary>The connection ends: its subscriptions leave this gateway. Those of a persistent session stay with the session.</summary>
    public void RemoveAll()
    {
        string[] filters;
        lock (_lock)
        {
            _removed = true;
            filters = [.. _subscriptions.Keys];
        }
        var effective = new RouteBatch();
        foreach (var filter in filters) Remove(filter, sessionEnds: false, effective);
        _ = effective.Seal().ContinueWith(failed => LogSubscribeFailed(context.Logger, failed.Exception!, connection.LogName), default, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
    }

    // Returns the subscriptions whose retained messages the client is to get; a feed has begun if there are any.
    private async Task<List<SessionSubscription>?> ApplyAsync(List<SessionSubscription> subscriptions)
    {
        var mayFeed = subscriptions.Exists(static s => s.Options.RetainHandling != RetainHandling.DoNotSend && !SharedFilter.IsShared(s.Filter));
        // Before the first of them is in force anywhere: what is delivered live from then on must be noted.
        if (mayFeed) Subscriber.BeginFeed();
        List<SessionSubscription>? retained = null;
        try
        {
            var effective = new RouteBatch();
            List<SessionSubscription>? wanted = null;
            foreach (var subscription in subscriptions)
            {
                var isNew = Add(subscription, effective);
                var handling = subscription.Options.RetainHandling;
                // [MQTT-3.3.1-9], [MQTT-3.3.1-10], [MQTT-3.3.1-11]; shared subscriptions get none (section 4.8.2).
                var gets = handling == RetainHandling.SendAtSubscribe || (handling == RetainHandling.SendIfNewSubscription && isNew);
                if (gets && context.Limits.RetainAvailable && !SharedFilter.IsShared(subscription.Filter)) (wanted ??= new(subscriptions.Count)).Add(subscription);
            }
            // The gateway's routes first: what reaches the session's log from its first message on has been noted as live here.
            await effective.Seal();
            if (session is not null && !await session.SubscribeAsync(connection.Epoch, [.. subscriptions])) throw new SessionTakenOverException();
            // From here on only: a retained message that came before the routes did is known by now.
            wanted?.RemoveAll(subscription => !context.Retained.MayHold(subscription.Filter));
            return retained = wanted is { Count: > 0 } ? wanted : null;
        }
        finally
        {
            if (mayFeed && retained is null) Subscriber.EndFeed();
        }
    }

    /// <summary>Whether the client still has a subscription to the filter.</summary>
    public bool Has(string filter)
    {
        lock (_lock) return !_removed && _subscriptions.ContainsKey(filter);
    }

    // What was refused must not go on in part.
    private async Task WithdrawAsync(List<SessionSubscription> subscriptions)
    {
        var effective = new RouteBatch();
        try
        {
            if (session is not null) await session.UnsubscribeAsync(connection.Epoch, [.. subscriptions.Select(static s => s.Filter)]);
            foreach (var subscription in subscriptions) Remove(subscription.Filter, sessionEnds: true, effective);
            await effective.Seal();
        }
#pragma warning disable CA1031 // The client knows that it has no subscription; a copy that comes nevertheless is one that it may ignore.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            LogSubscribeFailed(context.Logger, exception, connection.LogName);
        }
    }

    private bool Add(SessionSubscription subscription, RouteBatch effective)
    {
        var (filter, options) = subscription;
        lock (_lock)
        {
            // The connection has been closed meanwhile: nothing may be left behind for it.
            if (_removed) return false;
            var isNew = !_subscriptions.ContainsKey(filter);
            _subscriptions[filter] = options;
            if (isNew) context.Metrics.CountSubscriptions(1);
            if (SharedFilter.TryParse(filter, out var shared))
            {
                context.Registrar.Change(RouteChanges.OfMember(connection.ClientId, shared, options, context.Identity.Name, session is not null, removed: false), effective);
                return isNew;
            }
            context.Subscriptions.Add(RouteOf(options), filter, effective);
            return isNew;
        }
    }

    // Most clients subscribe to all their filters with the same options.
    private LocalRoute RouteOf(SubscriptionOptions options)
    {
        if (_latest is not { } latest || latest.Options != options) _latest = latest = (options, new LocalRoute(Subscriber, options));
        return latest.Route;
    }

    private bool Remove(string filter, bool sessionEnds, RouteBatch effective, bool isRevoked = false)
    {
        lock (_lock)
        {
            if (!_subscriptions.Remove(filter, out var options)) return false;
            context.Metrics.CountSubscriptions(-1);
            connection.Permissions?.End(filter, isRevoked);
            if (SharedFilter.TryParse(filter, out var shared))
            {
                var stays = session is not null && !sessionEnds;
                context.Registrar.Change(RouteChanges.OfMember(connection.ClientId, shared, options, null, session is not null, removed: !stays, left: context.Identity.Name), effective);
                return true;
            }
            context.Subscriptions.Remove(Subscriber, filter, effective);
            return true;
        }
    }

    private sealed class SessionTakenOverException : Exception;

    [LoggerMessage(200, LogLevel.Error, "Client {ClientId}: a change of its subscriptions did not reach every node.")]
    private static partial void LogSubscribeFailed(ILogger logger, Exception exception, string clientId);

    [LoggerMessage(201, LogLevel.Error, "Client {ClientId}: retained messages of a new subscription could not be read.")]
    internal static partial void LogRetainedFailed(ILogger logger, Exception exception, string clientId);
}
