using OrleansMqtt.Gateway.Connections;
using OrleansMqtt.Gateway.Delivery;
using OrleansMqtt.Messages;
using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Routing;
using OrleansMqtt.Sessions;

namespace OrleansMqtt.Gateway.Routes;

/// <summary>Gives messages to one client, by one of its subscriptions, and to nobody else.</summary>
/// <param name="connection">The client.</param>
/// <param name="context">The gateway.</param>
/// <param name="subscription">The subscription.</param>
/// <param name="isSubscribed">Whether a filter is still subscribed to.</param>
internal sealed class DirectDelivery(ClientConnection connection, GatewayContext context, SessionSubscription subscription, Func<string, bool> isSubscribed)
{
    public SessionSubscription Subscription => subscription;

    /// <summary>Sends a message at its quality of service. Completes when it is in the client's queue, or in its session's log.</summary>
    /// <exception cref="IOException">The log could not take it.</exception>
    public async Task SendAsync(Message message)
    {
        // [MQTT-3.10.4-2]: none follow an UNSUBSCRIBE.
        if (connection.HasEnded || !isSubscribed(subscription.Filter)) return;
        if (connection.Subscriber!.IsPersistent && message.QoS != QualityOfService.AtMostOnce) await AppendAsync(message);
        else Deliver(message);
    }

    private uint[] Identifiers => subscription.Options.Identifier == 0 ? [] : [subscription.Options.Identifier];

    private void Deliver(Message message)
    {
        using var batch = DeliveryBatch.Begin();
        var fanout = new Fanout(new PublishView(message), context.Now);
        connection.Subscriber!.Deliver(ref fanout, message.QoS, retain: false, Identifiers);
    }

    private async Task AppendAsync(Message message)
    {
        var logged = new PendingPublish();
        context.Router.Append(connection.ClientId, new SessionLogEntry { Message = message, QoS = message.QoS, Retain = false, SubscriptionIdentifiers = [.. Identifiers] }, logged.Complete);
        await logged.WaitAsync();
        if (logged.Failure is { } failure) throw new IOException("The session could not take the message.", failure);
    }
}
