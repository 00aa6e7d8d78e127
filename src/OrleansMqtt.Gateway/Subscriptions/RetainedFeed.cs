using OrleansMqtt.Gateway.Connections;
using OrleansMqtt.Gateway.Delivery;
using OrleansMqtt.Messages;
using OrleansMqtt.Protocol.Packets;
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
            var logged = Deliver(page, subscription.Options);
            if (logged is not { Count: > 0 }) continue;
            await session!.DeliverAsync([.. logged]);
            appended += logged.Count;
            if (appended > LogWindow) await subscriber.WaitForCompletedAsync(start + appended - LogWindow);
        }
    }

    private List<SessionLogEntry>? Deliver(IReadOnlyList<Message> page, SubscriptionOptions options)
    {
        using var batch = DeliveryBatch.Begin();
        List<SessionLogEntry>? logged = null;
        uint[] identifiers = options.Identifier == 0 ? [] : [options.Identifier];
        var now = context.Now;
        foreach (var message in page)
        {
            if (subscriber.WasDeliveredLive(message.Topic)) continue;
            var qos = message.QoS < options.MaximumQoS ? message.QoS : options.MaximumQoS;
            if (session is not null && qos != QualityOfService.AtMostOnce)
            {
                (logged ??= []).Add(new SessionLogEntry { Message = message.With(retain: false), QoS = qos, Retain = true, SubscriptionIdentifiers = [.. identifiers] });
                continue;
            }
            // The view says "not retained" so that the copy does not pass for a live message; the packet says RETAIN [MQTT-3.3.1-8].
            var fanout = new Fanout(new PublishView(message.With(retain: false)), now);
            subscriber.Deliver(ref fanout, qos, retain: true, identifiers);
        }
        return logged;
    }
}
