using Orleans.Runtime;
using OrleansMqtt.Actors.Activations;
using OrleansMqtt.Actors.Calls;
using OrleansMqtt.Actors.Clusters.Handover;
using OrleansMqtt.Actors.Mailboxes;
using OrleansMqtt.Actors.Membership;
using OrleansMqtt.Actors.Silos;

namespace OrleansMqtt.Actors.Clusters;

/// <summary>Finds grains in a cluster from one of its silos: here, where they are placed here, otherwise in their silo.</summary>
internal sealed class SiloRouter(MessageCenter center, SiloClasses classes) : ICallRouter
{
    private MembershipAgent? _agent;
    private PendingGrains? _pending;
    private Silo? _silo;

    /// <summary>Makes it work.</summary>
    public void Attach(Silo silo, MembershipAgent agent, PendingGrains pending) => (_silo, _pending, _agent) = (silo, pending, agent);

    public ICallTarget? Deliver(GrainId grainId, Call call)
    {
        if (_agent is not { } agent)
        {
            call.Fail(new SiloUnavailableException("The silo has not joined its cluster yet."));
            return null;
        }

        if (classes.Hosted.Find(grainId.Type) is { MaxWorkers: > 0 })
        {
            _silo!.Deliver(grainId, call);
            return null;
        }

        switch (agent.OwnershipOf(grainId))
        {
            case GrainOwnership.Owned when agent.HoldsLease:
                _silo!.Deliver(grainId, call);
                break;
            case GrainOwnership.Owned:
                call.Fail(new SiloUnavailableException($"The silo that holds {grainId} has no lease at the moment."));
                break;
            case GrainOwnership.Pending:
                _ = DeliverLaterAsync(grainId, call);
                break;
            default:
                Send(grainId, call, agent.Current);
                break;
        }

        // Leases end and grains move, so each call asks anew.
        return null;
    }

    private void Send(GrainId grainId, Call call, MembershipView view)
    {
        if (view.Placement.Of(grainId) is not { } silo)
        {
            call.Fail(new SiloUnavailableException($"No silo runs that could hold {grainId}."));
        }
        else if (call is MethodCall method)
        {
            center.SendToGrain(silo, grainId, method, view);
        }
        else
        {
            // A tick of a timer of an activation that has ended.
            call.Fail(new SiloUnavailableException($"{grainId} is in another silo now."));
        }
    }

    private async Task DeliverLaterAsync(GrainId grainId, Call call)
    {
        try
        {
            await _pending!.WhenReadyAsync(grainId).ConfigureAwait(false);
        }
        catch (SiloUnavailableException exception)
        {
            call.Fail(exception);
            return;
        }

        Deliver(grainId, call);
    }
}
