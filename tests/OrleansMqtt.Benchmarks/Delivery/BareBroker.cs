using Microsoft.Extensions.Logging.Abstractions;
using OrleansMqtt.Diagnostics;
using OrleansMqtt.Gateway.Connections;
using OrleansMqtt.Gateway.Delivery;
using OrleansMqtt.Gateway.Limits;
using OrleansMqtt.Gateway.Membership;
using OrleansMqtt.Gateway.Subscriptions;
using OrleansMqtt.Grains.Routing;
using OrleansMqtt.Messages;
using OrleansMqtt.Protocol.Connections;
using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Routing;
using OrleansMqtt.Settings;
using OrleansMqtt.Topics;

namespace OrleansMqtt.Benchmarks.Delivery;

/// <summary>Routing and delivery put together as in the real process, but for sockets, sessions and the actor runtime.</summary>
internal sealed class BareBroker
{
    private const string Name = "gateway";

    // One for all brokers of the process, so that none has to be disposed of.
    private static readonly BrokerMetrics Metrics = new();

    private readonly Live<GatewayLimits> _limits = new(new GatewayLimits());
    private readonly LocalSubscriptions _subscriptions;
    private readonly List<Subscriber> _clients = [];
    private long _acknowledged;

    /// <summary>A broker without clients.</summary>
    /// <param name="tellsReplica">Whether subscriptions get into the replica; otherwise only the gateway knows them, to be weighed alone.</param>
    public BareBroker(bool tellsReplica = true)
    {
        var partitions = new TopicPartitions(1);
        Replica = new RouteReplica(partitions, new RoutingLeases());
        Replica.LoadAsync(0, new RouteSnapshot(0, [], default)).GetAwaiter().GetResult();
        var grains = StandInGrainFactory.Of(StandInTopicGrain.Of(tellsReplica ? Replica : null));
        var (identity, registrar) = (new GatewayIdentity(Name), new RouteRegistrar(partitions, grains, NullLogger<RouteRegistrar>.Instance));
        _subscriptions = new LocalSubscriptions(identity, registrar);
        var gateway = new LocalGateway(identity, _subscriptions, new ConnectionRegistry(), TimeProvider.System, registrar);
        Router = new Router(Replica, grains, partitions, Metrics, NullLogger<Router>.Instance, gateway);
    }

    /// <summary>The silo's routes.</summary>
    public RouteReplica Replica { get; }

    /// <summary>What publishes go through.</summary>
    public Router Router { get; }

    /// <summary>A client that is connected with a clean session and has no subscription yet.</summary>
    public Subscriber Connect(ProtocolVersion version)
    {
        var outbox = new Outbox(new NullPipeWriter(), Metrics);
        var connect = new ConnectPacket { Version = version, ClientId = $"client-{_clients.Count}", CleanStart = true };
        var subscriber = new Subscriber(connect.ClientId, connect, false, outbox, _limits, Metrics, TimeProvider.System);
        using (DeliveryBatch.Begin()) subscriber.Open("connack"u8);
        _clients.Add(subscriber);
        return subscriber;
    }

    /// <summary>Subscribes a client.</summary>
    public void Subscribe(Subscriber subscriber, string filter, QualityOfService qos = QualityOfService.AtMostOnce)
    {
        var effective = new RouteBatch();
        _subscriptions.Add(new LocalRoute(subscriber, new SubscriptionOptions(qos, false, false, RetainHandling.SendAtSubscribe, 0)), filter, effective);
        Require(effective);
    }

    /// <summary>Ends a client's subscription.</summary>
    public void Unsubscribe(Subscriber subscriber, string filter)
    {
        var effective = new RouteBatch();
        _subscriptions.Remove(subscriber, filter, effective);
        Require(effective);
    }

    private static void Require(RouteBatch effective) => effective.Seal().GetAwaiter().GetResult();

    /// <summary>Routes a QoS 0 message of another client and delivers it; returns the number of receivers.</summary>
    public int Publish(ReadOnlySpan<byte> topic, ReadOnlySpan<byte> payload)
    {
        using var batch = DeliveryBatch.Begin();
        var publish = new PublishView { Topic = topic, Payload = payload, ExpiresAt = Message.Never, Publisher = "publisher" };
        return Router.Route(ref publish).Receivers;
    }

    /// <summary>Every client acknowledges the next <paramref name="count"/> messages.</summary>
    public void Acknowledge(int count)
    {
        using var batch = DeliveryBatch.Begin();
        for (var i = 0; i < count; i++)
        {
            var packetId = PacketIdentifiers.Of(_acknowledged++);
            foreach (var subscriber in _clients) subscriber.Acknowledge(PacketType.PubAck, packetId, ReasonCode.Success);
        }
    }
}
