using OrleansMqtt.Protocol.Codec;
using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Protocol.Topics;

namespace OrleansMqtt.Protocol.Connections;

/// <content>Subscriptions, counted by their users.</content>
public sealed partial class ClientConnection
{
    /// <summary>
    /// Adds a user to each subscription, and asks the server for those that it has not granted, or not with these options. QoS is never
    /// lowered for the users who are there. <see cref="ClientSubscribed"/> follows if the server had to be asked.
    /// </summary>
    /// <param name="subscriptions">At least one.</param>
    /// <param name="identifier">Comes with each message that one of them matches; 5.0 only.</param>
    /// <returns>The request, or why the server would not take it; then no user was added.</returns>
    /// <exception cref="InvalidOperationException">Not connected.</exception>
    /// <exception cref="ArgumentException">No subscriptions, an invalid filter, or no local on a shared one [MQTT-3.8.3-4].</exception>
    public ClientRequest Subscribe(IReadOnlyList<Subscription> subscriptions, uint? identifier = null)
    {
        ArgumentNullException.ThrowIfNull(subscriptions);
        RequireConnected();
        if (subscriptions.Count == 0)
        {
            throw new ArgumentException("No subscriptions.", nameof(subscriptions));
        }

        foreach (var subscription in subscriptions)
        {
            if (!TopicFilter.IsValid(subscription.Filter) || (subscription.NoLocal && SharedFilter.IsShared(subscription.Filter)))
            {
                throw new ArgumentException("Not a valid topic filter, or no local on a shared one.", nameof(subscriptions));
            }

            if (Version == ProtocolVersion.V50 && Capabilities.Check(subscription, identifier) is { } error)
            {
                return new(0, error);
            }
        }

        Subscription[] news = [.. subscriptions.Where(wanted => _subscriptions.IsNews(wanted, identifier)).Select(_subscriptions.Merge)];
        var request = news.Length == 0 ? default : RequestSubscriptions(news, identifier);
        if (request.Error is null)
        {
            foreach (var subscription in subscriptions)
            {
                var asked = Array.Find(news, other => other.Filter == subscription.Filter);
                _subscriptions.AddUser(asked ?? subscription, identifier, asked is not null);
            }
        }

        return request;
    }

    /// <summary>
    /// Takes a user away from each filter, and unsubscribes from those whose last user that was. <see cref="ClientUnsubscribed"/>
    /// follows if there are any.
    /// </summary>
    /// <exception cref="InvalidOperationException">Not connected, or a filter is not held.</exception>
    public ClientRequest Unsubscribe(IReadOnlyList<string> filters)
    {
        ArgumentNullException.ThrowIfNull(filters);
        RequireConnected();
        if (filters.Any(filter => !_subscriptions.Holds(filter)) || filters.Distinct().Count() != filters.Count)
        {
            throw new InvalidOperationException("A filter is not subscribed to, or stands twice.");
        }

        if (!_identifiers.TryTake(out var packetId))
        {
            return new(0, NoIdentifierFree);
        }

        string[] left = [.. filters.Where(_subscriptions.RemoveUser)];
        if (left.Length == 0)
        {
            _identifiers.Release(packetId);
            return default;
        }

        _subscriptions.Unsubscribing(packetId, left);
        _outbox.Write(new UnsubscribePacket { PacketId = packetId, Filters = left }, Version);
        return new(packetId, null);
    }

    /// <summary>
    /// Asks again for all subscriptions held that the server has not granted: after a connection without the session, and for those
    /// whose request was abandoned.
    /// </summary>
    /// <returns>The requests; none if there was nothing to ask for.</returns>
    /// <exception cref="InvalidOperationException">Not connected.</exception>
    public IReadOnlyList<ClientRequest> Resubscribe()
    {
        const int PerRequest = 32; // Keeps a request well below the usual limits of packet size.
        RequireConnected();
        return
        [
            .. from held in _subscriptions.NotGranted().ToList()
               from part in held.Chunk(PerRequest)
               select RequestSubscriptions(part, held.Key),
        ];
    }

    private static ProtocolError NoIdentifierFree => new(ReasonCode.QuotaExceeded, "All packet identifiers are in use.");

    private ClientRequest RequestSubscriptions(Subscription[] subscriptions, uint? identifier)
    {
        if (!_identifiers.TryTake(out var packetId))
        {
            return new(0, NoIdentifierFree);
        }

        var packet = new SubscribePacket { PacketId = packetId, SubscriptionIdentifier = identifier, Subscriptions = subscriptions };
        if (Capabilities.CheckLength(PacketEncoder.GetLength(packet, Version)) is { } error)
        {
            _identifiers.Release(packetId);
            return new(0, error);
        }

        _subscriptions.Subscribing(packetId, subscriptions);
        _outbox.Write(packet, Version);
        return new(packetId, null);
    }
}
