using OrleansMqtt.Events;
using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.Gateway.Subscriptions;

// What observers are told of subscriptions.
internal sealed partial class SubscriptionHandler
{
    private void TellSubscribed(IReadOnlyList<SubscribePacket> packets, ReasonCode[][] codes)
    {
        if (context.Events is not { } events || (events.Wanted & EventKinds.Subscribed) == 0) return;
        for (var i = 0; i < codes.Length; i++)
        {
            for (var j = 0; j < codes[i].Length; j++)
            {
                if (codes[i][j].IsFailure()) continue;
                var requested = packets[i].Subscriptions[j];
                events.Post(new ClientSubscribed
                {
                    ClientId = connection.ClientId,
                    UserName = connection.Identity.UserName,
                    Connection = connection.Epoch,
                    Filter = connection.Mount?.AddToFilter(requested.Filter) ?? requested.Filter,
                    RequestedQoS = (int)requested.MaximumQoS,
                    GrantedQoS = (int)codes[i][j],
                    NoLocal = requested.NoLocal,
                    RetainAsPublished = requested.RetainAsPublished,
                    RetainHandling = requested.RetainHandling,
                    Identifier = packets[i].SubscriptionIdentifier,
                });
            }
        }
    }

    private void TellUnsubscribed(IReadOnlyList<string> filters, ReasonCode[] codes)
    {
        for (var i = 0; i < codes.Length; i++)
            if (codes[i] == ReasonCode.Success) TellUnsubscribed(filters[i], isRevoked: false);
    }

    private void TellUnsubscribed(string filter, bool isRevoked)
    {
        if (context.Events is not { } events || (events.Wanted & EventKinds.Unsubscribed) == 0) return;
        events.Post(new ClientUnsubscribed
        {
            ClientId = connection.ClientId,
            UserName = connection.Identity.UserName,
            Connection = connection.Epoch,
            Filter = filter,
            IsRevoked = isRevoked,
        });
    }
}
