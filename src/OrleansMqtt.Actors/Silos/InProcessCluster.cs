using System.Collections.Immutable;
using Orleans.Runtime;
using OrleansMqtt.Actors.Clusters;
using OrleansMqtt.Actors.Mailboxes;

namespace OrleansMqtt.Actors.Silos;

/// <summary>The silos of this process that form one cluster: one, until there is a network. A silo that was restarted takes the
/// place of the one before.</summary>
internal sealed class InProcessCluster : ICallRouter
{
    private ImmutableList<Silo> _silos = [];

    public Silo? Silo => _silos is [var first, ..] ? first : null;

    public void Join(Silo silo) => ImmutableInterlocked.Update(ref _silos, static (silos, silo) => silos.Add(silo), silo);

    public void Leave(Silo silo) => ImmutableInterlocked.Update(ref _silos, static (silos, silo) => silos.Remove(silo), silo);

    /// <summary>Delivers a call to the silo that is there now, or makes it fail.</summary>
    public ICallTarget? Deliver(GrainId grainId, Call call)
    {
        if (Silo is { } silo)
        {
            return silo.Deliver(grainId, call);
        }

        call.Fail(new SiloUnavailableException($"No silo runs that could hold {grainId}."));
        return null;
    }
}
