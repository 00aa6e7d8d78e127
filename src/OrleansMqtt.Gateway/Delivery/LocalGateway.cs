using System.Collections.Concurrent;
using System.Collections.Immutable;
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
internal sealed class LocalGateway(
    GatewayIdentity identity, LocalSubscriptions subscriptions, ConnectionRegistry connections, TimeProvider time, RouteRegistrar registrar, GatewayLease? lease = null) : ILocalGateway, IGatewayEndpoint
{
    /// <inheritdoc/>
    public string Name => identity.Name;

    // A gateway that others hold for gone delivers to nobody.
    private bool MayServe => lease is null || lease.IsInForce;

    private long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <inheritdoc/>
    public int Deliver(ref PublishView publish)
    {
        var routes = subscriptions.Match(publish.Topic);
        if (routes.Length == 0 || !MayServe) return 0;
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
    public void WriteTogether(Action work) => DeliveryBatch.Run(work);

    /// <inheritdoc/>
    public bool DeliverShared(ref PublishView publish, string clientId, SharedGroupKey group, SubscriptionOptions options, QualityOfService qos, bool mayWait)
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
    public Task DeliverAsync(ImmutableArray<Message> messages)
    {
        using var batch = DeliveryBatch.Begin();
        foreach (var message in messages)
        {
            var publish = new PublishView(message);
            Deliver(ref publish);
        }
        return Task.CompletedTask;
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
    public Task<bool> CloseAsync(string clientId, long epoch, ReasonCode reason) => connections.CloseAsync(clientId, epoch, reason);
}
