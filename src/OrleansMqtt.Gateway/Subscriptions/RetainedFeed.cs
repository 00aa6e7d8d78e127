using OrleansMqtt.Gateway.Connections;
using OrleansMqtt.Gateway.Delivery;
using OrleansMqtt.Messages;
using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Routing;
using OrleansMqtt.Sessions;

namespace OrleansMqtt.Gateway.Subscriptions;

/// <summary>
/// Gives a client the retained messages of a new subscription [MQTT-3.3.1-9], a page whenever its queue is short, so that neither
/// memory nor anybody else suffers. Runs beside the client's other traffic; begun before the subscription is in force.
/// </summary>
internal sealed class RetainedFeed(Subscriber subscriber, GatewayContext context, ISessionGrain? session)
{
    // A persistent session takes retained QoS 1 and 2 messages into its log; this many may wait there before the next page.
    private const int LogWindow = 2000;

    /// <summary>Delivers them all, subscription by subscription. The feed must have been begun with <see cref="Subscriber.BeginFeed"/>.</summary>
    public async Task RunAsync(IReadOnlyList<SessionSubscription> subscriptions)
    {
        try
        {
            foreach (var subscription in subscriptions) await RunAsync(subscription);
        }
#pragma warning disable CA1031 // The client keeps its subscription; that it misses retained messages is in the log.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            SubscriptionHandler.LogRetainedFailed(context.Logger, exception, subscriber.ClientId);
        }
        finally
        {
            subscriber.EndFeed();
        }
    }

    private async Task RunAsync(SessionSubscription subscription)
    {
        var appended = 0L;
        var start = subscriber.CompletedCount;
        await foreach (var page in context.Retained.ReadAsync(subscription.Filter))
        {
            await subscriber.WaitForRoomAsync();
            if (subscriber.IsClosed) return;
            var pending = new PendingPublish();
            appended += Deliver(page, subscription.Options, pending);
            pending.Complete();
            await pending.WaitAsync();
            if (pending.Failure is { } failure) throw failure;
            if (appended > LogWindow) await subscriber.WaitForCompletedAsync(start + appended - LogWindow);
        }
    }

    // Returns how many went into the session's log.
    private int Deliver(IReadOnlyList<Message> page, SubscriptionOptions options, PendingPublish pending)
    {
        using var batch = DeliveryBatch.Begin();
        var logged = 0;
        uint[] identifiers = options.Identifier == 0 ? [] : [options.Identifier];
        var now = context.Now;
        foreach (var message in page)
        {
            var qos = message.QoS < options.MaximumQoS ? message.QoS : options.MaximumQoS;
            // The copy says "not retained" so that it does not pass for a live message; the packet says RETAIN [MQTT-3.3.1-8].
            subscriber.DeliverRetained(message.With(retain: false), copy =>
            {
                if (session is null || qos == QualityOfService.AtMostOnce)
                {
                    var fanout = new Fanout(new PublishView(copy), now);
                    subscriber.Deliver(ref fanout, qos, retain: true, identifiers);
                    return;
                }
                logged++;
                pending.Add();
                context.Router.Append(subscriber.ClientId, new SessionLogEntry { Message = copy, QoS = qos, Retain = true, SubscriptionIdentifiers = [.. identifiers] }, pending.Complete);
            });
        }
        return logged;
    }
}
