using Orleans.Runtime;
using OrleansMqtt.Events;

namespace OrleansMqtt.Grains.Hosting;

/// <summary>Has what happens in a silo told as long as it runs, and what has happened while it stopped before it ends.</summary>
internal sealed class SiloEvents(BrokerEvents events, ILocalSiloDetails silo) : ILifecycleParticipant<ISiloLifecycle>
{
    /// <inheritdoc/>
    // Where there is a gateway as well, events bear its name.
    public void Participate(ISiloLifecycle observer) => observer.Subscribe(
        nameof(SiloEvents),
        ServiceLifecycleStage.Active,
        _ =>
        {
            if (events.Node.Length == 0) events.Node = silo.Name;
            events.Start();
            return Task.CompletedTask;
        },
        _ => events.DrainAsync());
}
