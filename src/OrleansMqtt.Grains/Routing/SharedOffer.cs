using OrleansMqtt.Messages;
using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Routing;

namespace OrleansMqtt.Grains.Routing;

/// <summary>
/// A message of a shared group with members on other gateways, on its way from member to member until one takes it. Members are asked one after the other, so that no two
/// have it; whoever is asked in another process answers later, and the offer goes on from there.
/// </summary>
/// <param name="router">The router.</param>
/// <param name="group">The group.</param>
/// <param name="message">The message.</param>
/// <param name="candidates">Its members, in the order in which they are asked.</param>
/// <param name="except">Those that are not asked.</param>
/// <param name="pending">Is told of the one receiver, if one is found.</param>
internal sealed class SharedOffer(Router router, SharedGroupKey group, Message message, SharedMember[] candidates, string[] except, PendingPublish pending) : IRouteWaiter
{
    // First to a connected member that is not busy. The streams of an ordered group stay with their members, busy or not.
    private bool _mayWait = group.Ordered;
    private int _next;

    /// <summary>Asks the next members, up to the first that answers later. To be called once.</summary>
    public void GoOn()
    {
        while (true)
        {
            while (_next < candidates.Length)
            {
                var member = candidates[_next++];
                if (except.Contains(member.ClientId) || (member.Gateway is null && !_mayWait)) continue;
                switch (router.OfferToMember(this, member))
                {
                    case OfferState.Taken:
                        pending.CompleteFound(1);
                        return;
                    case OfferState.Asked:
                        return;
                }
            }
            if (_mayWait) break;
            (_mayWait, _next) = (true, 0);
        }
        if (except.Length == 0) router.CountUntaken(message.Topic);
        pending.Complete();
    }

    public SharedGroupKey Group => group;

    public Message Message => message;

    public bool MayWait => _mayWait;

    public string[] Except => except;

    /// <summary>The member's gateway has answered.</summary>
    public void OnFound(int index, int receivers)
    {
        if (receivers > 0) pending.CompleteFound(1);
        else GoOn();
    }

    /// <summary>The log of a member's session has the message, or has failed to take it.</summary>
    public void OnAppended(Exception? failure)
    {
        if (failure is null) pending.CompleteFound(1);
        else pending.Complete(failure);
    }

    public QualityOfService QoSFor(SharedMember member) => message.QoS < member.Options.MaximumQoS ? message.QoS : member.Options.MaximumQoS;
}

/// <summary>What became of an offer to one member.</summary>
internal enum OfferState
{
    /// <summary>The member has it.</summary>
    Taken,

    /// <summary>The member cannot take it.</summary>
    Refused,

    /// <summary>The answer comes later.</summary>
    Asked,
}
