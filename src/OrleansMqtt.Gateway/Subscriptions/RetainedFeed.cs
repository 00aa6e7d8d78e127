using OrleansMqtt.Diagnostics;
using OrleansMqtt.Gateway.Connections;
using OrleansMqtt.Gateway.Delivery;
using OrleansMqtt.Messages;
using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Routing;
using OrleansMqtt.Sessions;

namespace OrleansMqtt.Gateway.Subscriptions;

/// <summary>
/// Gives a client the retained messages of its new subscriptions [MQTT-3.3.1-9]. The first portion goes out together with SUBACK, so that
/// nothing published after SUBACK overtakes it; the rest page by page whenever the client's queue is short, beside its other traffic, so
/// that neither memory nor anybody else suffers. The feed must have been begun with <see cref="Subscriber.BeginFeed"/>.
/// </summary>
internal sealed class RetainedFeed(
    Subscriber subscriber, GatewayContext context, ISessionGrain? session, IReadOnlyList<SessionSubscription> subscriptions, Func<string, bool> isSubscribed)
{
    // A persistent session takes retained QoS 1 and 2 messages into its log; this many may wait there before the next page.
    private const int LogWindow = 2000;
    private const int FirstPortion = 256;
    private readonly List<Page> _first = [];
    private PendingPublish? _pending;
    private IAsyncEnumerator<Page>? _pages;
    private Exception? _failure;
    private long _logged;

    private readonly record struct Page(IReadOnlyList<Message> Messages, SessionSubscription Subscription);

    /// <summary>Reads the first portion. Never fails: what went wrong is logged by <see cref="RunAsync"/>.</summary>
    public async Task PrepareAsync()
    {
        try
        {
            _pages = ReadAsync();
            for (var count = 0; count < FirstPortion && await _pages.MoveNextAsync(); count += _pages.Current.Messages.Count) _first.Add(_pages.Current);
        }
#pragma warning disable CA1031 // The client keeps its subscription; that it misses retained messages is logged.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            _failure = exception;
        }
    }

    /// <summary>Delivers the first portion. Inside a <see cref="DeliveryBatch"/>, right behind SUBACK.</summary>
    public void DeliverFirst()
    {
        _pending = new PendingPublish();
        foreach (var page in _first) Deliver(page, _pending);
        _pending.Complete();
        _first.Clear();
    }

    /// <summary>Delivers the rest and ends the feed.</summary>
    public async Task RunAsync()
    {
        try
        {
            if (_failure is not null) throw _failure;
            await DeliverRestAsync();
        }
#pragma warning disable CA1031 // The client keeps its subscription; that it misses retained messages is in the log.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            SubscriptionHandler.LogRetainedFailed(context.Logger, exception, LogText.Escape(subscriber.ClientId));
        }
        finally
        {
            if (_pages is not null) await _pages.DisposeAsync();
            subscriber.EndFeed();
        }
    }

    private async Task DeliverRestAsync()
    {
        var start = subscriber.CompletedCount;
        await LoggedAsync(_pending!);
        while (await _pages!.MoveNextAsync())
        {
            await subscriber.WaitForRoomAsync();
            if (subscriber.IsClosed) return;
            var pending = new PendingPublish();
            using (DeliveryBatch.Begin()) Deliver(_pages.Current, pending);
            pending.Complete();
            await LoggedAsync(pending);
            if (_logged > LogWindow) await WaitForLogAsync(start + _logged - LogWindow);
        }
    }

    // Messages that never reach the client (expired, or dropped because its queue is full) leave the log without a sign here: so it is asked.
    private async Task WaitForLogAsync(long completed)
    {
        while (!subscriber.IsClosed)
        {
            var seen = subscriber.CompletedCount;
            if (seen >= completed || await session!.CountAsync() <= LogWindow) return;
            await subscriber.WaitForCompletedAsync(seen + 1);
        }
    }

    private static async Task LoggedAsync(PendingPublish pending)
    {
        await pending.WaitAsync();
        if (pending.Failure is { } failure) throw failure;
    }

    private async IAsyncEnumerator<Page> ReadAsync()
    {
        foreach (var subscription in subscriptions)
            await foreach (var messages in context.Retained.ReadAsync(subscription.Filter)) yield return new Page(messages, subscription);
    }

    private void Deliver(Page page, PendingPublish pending)
    {
        // [MQTT-3.10.4-2]: none follow an UNSUBSCRIBE.
        if (!isSubscribed(page.Subscription.Filter)) return;
        var options = page.Subscription.Options;
        uint[] identifiers = options.Identifier == 0 ? [] : [options.Identifier];
        var now = context.Now;
        foreach (var message in page.Messages)
        {
            if (options.NoLocal && message.Publisher == subscriber.ClientId) continue; // [MQTT-3.8.3-3]
            var qos = message.QoS < options.MaximumQoS ? message.QoS : options.MaximumQoS;
            // The copy does not pass for a live message; the packet says RETAIN [MQTT-3.3.1-8].
            subscriber.DeliverRetained(message.Copy(), copy =>
            {
                if (session is null || qos == QualityOfService.AtMostOnce)
                {
                    var fanout = new Fanout(new PublishView(copy), now);
                    subscriber.Deliver(ref fanout, qos, retain: true, identifiers);
                    return;
                }
                _logged++;
                pending.Add();
                context.Router.Append(subscriber.ClientId, new SessionLogEntry { Message = copy, QoS = qos, Retain = true, SubscriptionIdentifiers = [.. identifiers] }, pending.Complete);
            });
        }
    }
}
