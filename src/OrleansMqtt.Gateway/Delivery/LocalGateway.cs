using System.Collections.Immutable;
using System.Runtime.InteropServices;
using OrleansMqtt.Gateways;
using OrleansMqtt.Gateway.Connections;
using OrleansMqtt.Gateway.Membership;
using OrleansMqtt.Gateway.Subscriptions;
using OrleansMqtt.Messages;
using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Routing;
using OrleansMqtt.Sessions;

namespace OrleansMqtt.Gateway.Delivery;

/// <summary>This gateway, as the router of its process and as grains everywhere see it.</summary>
/// <remarks>
/// What comes from elsewhere may come again: because a router repeats a call whose answer it missed, because a lane has found another router, because a will or a QoS 2
/// message of a persistent session is published again after a crash. Each is recognized by what it bears (<see cref="GatewayCall.Call"/>,
/// <see cref="Messages.Message.Stamp"/>, <see cref="Messages.Message.Identity"/>), whatever the quality of service, and counts as taken: it went to those who were subscribed the first time.
/// </remarks>
internal sealed class LocalGateway(
    GatewayIdentity identity, LocalSubscriptions subscriptions, ConnectionRegistry connections, TimeProvider time, RouteRegistrar registrar, GatewayLease? lease = null) : ILocalGateway, IGatewayEndpoint
{
    /// <inheritdoc/>
    public string Name => identity.Name;

    /// <summary>Its connections, as silos see them; set when the gateway starts.</summary>
    public IGatewayConnections? Connections { get; set; }

    private const int Stretch = 64;

    // A gateway that others hold for gone delivers to nobody.
    private bool MayServe => lease is null || lease.IsInForce;

    private readonly CallMemory _calls = new();
    private readonly LaneMemory _lanes = new();
    private readonly IdentityMemory _identities = new();

    private long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <inheritdoc/>
    public int Deliver(ref PublishView publish)
    {
        if (publish.Stamp is { } stamp) return DeliverStamped(ref publish, stamp);
        return publish.Identity is { } identity && !_identities.Takes(identity) ? 1 : DeliverNew(ref publish, MayServe);
    }

    private int DeliverStamped(ref PublishView publish, LaneStamp stamp)
    {
        // Around the lock: what flushing leads to must not run under it.
        using var batch = DeliveryBatch.Begin();
        var lane = _lanes.Of(stamp.Lane);
        // Held while it is delivered: a router that takes the lane over must not overtake.
        lock (lane) return publish.IsLate ? DeliverLate(lane, ref publish, stamp) : DeliverOf(lane, ref publish, stamp, MayServe);
    }

    // Under the lane's lock, as the next one.
    private int DeliverLate(LaneProgress lane, ref PublishView publish, LaneStamp stamp)
    {
        if (lane.KnowsApart(stamp, null)) return 1;
        lane.TakeApart(stamp, null);
        return DeliverUnknown(ref publish, MayServe);
    }

    private int DeliverOf(LaneProgress lane, ref PublishView publish, LaneStamp stamp, bool mayServe)
    {
        if (lane.Knows(stamp)) return 1;
        lane.Take(stamp);
        return DeliverUnknown(ref publish, mayServe);
    }

    private int DeliverUnknown(ref PublishView publish, bool mayServe) =>
        publish.Identity is { IsOfLane: false } identity && !_identities.Takes(identity) ? 1 : DeliverNew(ref publish, mayServe);

    private int DeliverNew(ref PublishView publish, bool mayServe)
    {
        var routes = subscriptions.Match(publish.Topic);
        if (routes.Length == 0 || !mayServe) return 0;
        using var batch = DeliveryBatch.Begin();
        var fanout = new Fanout(publish, publish.ExpiresAt == Message.Never ? 0 : Now);
        var receivers = 0;
        foreach (var route in routes)
            if (route.Deliver(ref fanout)) receivers++;
        // The view made the message on the way if somebody had to keep it: the caller's copy gets it too.
        publish = fanout.View;
        Fanout.Trim();
        return receivers;
    }

    /// <inheritdoc/>
    public bool DeliverShared(ref PublishView publish, string clientId, SharedGroupKey group, SubscriptionOptions options, QualityOfService qos, bool mayWait)
    {
        if (publish.Stamp is not { } stamp) return DeliverToMember(ref publish, clientId, group, options, qos, mayWait);
        using var batch = DeliveryBatch.Begin();
        var lane = _lanes.Of(stamp.Lane);
        lock (lane)
        {
            if (lane.KnowsApart(stamp, group)) return true;
            if (!DeliverToMember(ref publish, clientId, group, options, qos, mayWait)) return false;
            lane.TakeApart(stamp, group);
            return true;
        }
    }

    private bool DeliverToMember(ref PublishView publish, string clientId, SharedGroupKey group, SubscriptionOptions options, QualityOfService qos, bool mayWait)
    {
        if (!MayServe || connections.Find(clientId)?.Subscriber is not { } subscriber) return false;
        using var batch = DeliveryBatch.Begin();
        var fanout = new Fanout(publish, Now);
        uint[] identifiers = options.Identifier == 0 ? [] : [options.Identifier];
        var delivered = subscriber.TryDeliverShared(ref fanout, qos, publish.Retain && options.RetainAsPublished, identifiers, group, mayWait);
        publish = fanout.View;
        Fanout.Trim();
        return delivered;
    }

    /// <inheritdoc/>
    public ValueTask<ImmutableArray<int>> DeliverAsync(GatewayCall call)
    {
        using var batch = DeliveryBatch.Begin();
        return ValueTask.FromResult(_calls.Answer(call, DeliverAll));
    }

    private ImmutableArray<int> DeliverAll(GatewayCall call)
    {
        var unpacker = new PublishUnpacker(call.Publishes);
        var (answers, others) = (new int[call.Publishes.Count], 0);
        LaneProgress? held = null;
        var (lane, mayServe) = (0L, false);
        try
        {
            for (var i = 0; unpacker.TryRead(out var publish, out var isOther); i++)
            {
                // The lease and the lane's lock for a stretch of messages: what they lead to leaves when the whole call has been carried out.
                if (isOther || i % Stretch == 0 || held is null || publish.Stamp?.Lane != lane)
                {
                    Release(ref held);
                    mayServe = MayServe;
                }
                if (isOther)
                {
                    answers[i] = DeliverOther(call.Others[others++]);
                }
                else if (publish.Stamp is { } stamp)
                {
                    if (held is null)
                    {
                        (held, lane) = (_lanes.Of(stamp.Lane), stamp.Lane);
                        Monitor.Enter(held);
                    }
                    answers[i] = DeliverOf(held, ref publish, stamp, mayServe);
                }
                else
                {
                    answers[i] = DeliverNew(ref publish, mayServe);
                }
            }
        }
        finally
        {
            Release(ref held);
        }
        return ImmutableCollectionsMarshal.AsImmutableArray(answers);
    }

    private static void Release(ref LaneProgress? held)
    {
        if (held is not null) Monitor.Exit(held);
        held = null;
    }

    private int DeliverOther(GatewayDelivery delivery)
    {
        var (message, member) = delivery;
        var publish = new PublishView(message);
        if (member is null) return Deliver(ref publish);
        return DeliverShared(ref publish, member.ClientId, member.Group, member.Options, member.QoS, member.MayWait) ? 1 : 0;
    }

    /// <inheritdoc/>
    public Task<bool> PushAsync(string clientId, long epoch, ImmutableArray<SessionDelivery> deliveries)
    {
        if (!MayServe || connections.Find(clientId) is not { } connection || connection.Epoch != epoch) return Task.FromResult(false);
        using var batch = DeliveryBatch.Begin();
        return Task.FromResult(connection.Subscriber!.Push(deliveries, Now));
    }

    /// <inheritdoc/>
    public Task<RoutePage> ReadRoutesAsync(int partition, int page) =>
        Task.FromResult(registrar.Book?.Read(partition, page) ?? throw new NotSupportedException("An embedded broker's topic grains end with it."));

    /// <inheritdoc/>
    public Task<IGatewayConnections> GetConnectionsAsync() => Task.FromResult(Connections!);

    /// <inheritdoc/>
    public Task<bool> CloseAsync(string clientId, long epoch, ReasonCode reason) => connections.CloseAsync(clientId, epoch, reason);
}
