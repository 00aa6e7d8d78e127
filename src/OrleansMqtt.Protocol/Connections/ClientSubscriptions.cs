using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.Protocol.Connections;

/// <summary>The subscriptions that a client holds, counted by users, and the requests about them that are under way.</summary>
internal sealed class ClientSubscriptions
{
    private readonly Dictionary<string, Held> _held = [];
    private readonly Dictionary<ushort, IReadOnlyList<Subscription>> _subscribing = [];
    private readonly Dictionary<ushort, IReadOnlyList<string>> _unsubscribing = [];

    public bool Holds(string filter) => _held.ContainsKey(filter);

    /// <summary>Whether the server has to be asked: it has not granted the filter yet, or not with all that is wanted now.</summary>
    public bool IsNews(Subscription wanted, uint? identifier) =>
        !_held.TryGetValue(wanted.Filter, out var held) || !held.IsGranted || held.Identifier != identifier ||
        held.Options.MaximumQoS < wanted.MaximumQoS || held.Options.NoLocal != wanted.NoLocal ||
        held.Options.RetainAsPublished != wanted.RetainAsPublished;

    /// <summary>What to ask for, so that users of a filter who want less do not take from those who want more.</summary>
    public Subscription Merge(Subscription wanted) =>
        _held.TryGetValue(wanted.Filter, out var held) && held.Options.MaximumQoS > wanted.MaximumQoS
            ? wanted with { MaximumQoS = held.Options.MaximumQoS }
            : wanted;

    /// <summary>Counts one more user of a filter.</summary>
    public void AddUser(Subscription subscription, uint? identifier, bool isNews)
    {
        if (!_held.TryGetValue(subscription.Filter, out var held))
        {
            _held.Add(subscription.Filter, held = new Held { Options = subscription });
        }

        held.Users++;
        if (isNews)
        {
            (held.Options, held.Identifier, held.IsGranted) = (subscription, identifier, false);
        }
    }

    /// <summary>Counts one user of a filter less; true if that was the last, and the filter is no longer held.</summary>
    public bool RemoveUser(string filter)
    {
        var held = _held[filter];
        held.Users--;
        return held.Users == 0 && _held.Remove(filter);
    }

    /// <summary>What the server has not granted, by identifier.</summary>
    public IEnumerable<IGrouping<uint?, Subscription>> NotGranted() =>
        _held.Values.Where(held => !held.IsGranted).GroupBy(held => held.Identifier, held => held.Options);

    public void ForgetGrants()
    {
        foreach (var held in _held.Values)
        {
            held.IsGranted = false;
        }
    }

    public void Subscribing(ushort packetId, IReadOnlyList<Subscription> subscriptions) => _subscribing.Add(packetId, subscriptions);

    public void Unsubscribing(ushort packetId, IReadOnlyList<string> filters) => _unsubscribing.Add(packetId, filters);

    /// <summary>Takes in a SUBACK; null if it answers no request, or with another number of reason codes [MQTT-3.8.4-6].</summary>
    public IReadOnlyList<Subscription>? Subscribed(SubAckPacket packet)
    {
        if (!_subscribing.TryGetValue(packet.PacketId, out var subscriptions) || subscriptions.Count != packet.ReasonCodes.Count)
        {
            return null;
        }

        _subscribing.Remove(packet.PacketId);
        for (var i = 0; i < subscriptions.Count; i++)
        {
            if (!_held.TryGetValue(subscriptions[i].Filter, out var held))
            {
                continue; // Its last user left meanwhile.
            }

            if (!packet.ReasonCodes[i].IsFailure())
            {
                held.IsGranted = true;
            }
            else
            {
                RemoveUser(subscriptions[i].Filter);
            }
        }

        return subscriptions;
    }

    /// <summary>Takes in an UNSUBACK; null if it answers no request, or with another number of reason codes [MQTT-3.10.4-6].</summary>
    public IReadOnlyList<string>? Unsubscribed(UnsubAckPacket packet, ProtocolVersion version)
    {
        if (!_unsubscribing.TryGetValue(packet.PacketId, out var filters) ||
            (version == ProtocolVersion.V50 && filters.Count != packet.ReasonCodes.Count))
        {
            return null;
        }

        _unsubscribing.Remove(packet.PacketId);
        return filters;
    }

    /// <summary>Forgets the requests under way, as their connection is gone; returns their packet identifiers.</summary>
    public IReadOnlyList<ushort> Abandon()
    {
        ushort[] abandoned = [.. _subscribing.Keys, .. _unsubscribing.Keys];
        _subscribing.Clear();
        _unsubscribing.Clear();
        return abandoned;
    }

    private sealed class Held
    {
        public required Subscription Options { get; set; }

        public uint? Identifier { get; set; }

        public int Users { get; set; }

        public bool IsGranted { get; set; }
    }
}
