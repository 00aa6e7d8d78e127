using Orleans.Runtime;
using OrleansMqtt.Actors.Calls;
using OrleansMqtt.Actors.Mailboxes;
using OrleansMqtt.Actors.Membership;

namespace OrleansMqtt.Actors.Clusters;

/// <summary>Finds grains in a cluster from a process without grains: by the view, each in the silo on which it is placed.</summary>
internal sealed class ClientRouter(MessageCenter center, Func<MembershipView> view) : ICallRouter
{
    public ICallTarget? Deliver(GrainId grainId, Call call)
    {
        var current = view();
        if (current.Placement.Of(grainId) is { } silo)
        {
            center.SendToGrain(silo, grainId, (MethodCall)call, current);
        }
        else
        {
            call.Fail(new SiloUnavailableException($"No silo runs that could hold {grainId}."));
        }

        // Grains move, so each call asks anew.
        return null;
    }
}
