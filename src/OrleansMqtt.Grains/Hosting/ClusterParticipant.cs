using OrleansMqtt.Grains.Gateways;
using OrleansMqtt.Grains.Routing;
using OrleansMqtt.Grains.Sessions;

namespace OrleansMqtt.Grains.Hosting;

/// <summary>Fills a silo's replica before the silo takes publishes, and ends its leases when it stops.</summary>
internal sealed class ClusterParticipant(LeasedAttachment attachment, GatewayDirectory directory, UnstoredConnectionsSweep sweep, ClusterStop stop) : ILifecycleParticipant<ISiloLifecycle>
{
    /// <inheritdoc/>
    public void Participate(ISiloLifecycle observer) => observer.Subscribe(nameof(ClusterParticipant), ServiceLifecycleStage.Active, StartAsync, StopAsync);

    private Task StartAsync(CancellationToken cancellationToken)
    {
        directory.Start();
        sweep.Start();
        return attachment.StartAsync(cancellationToken);
    }

    private async Task StopAsync(CancellationToken cancellationToken)
    {
        stop.Begin();
        await attachment.StopAsync(cancellationToken);
        await directory.StopAsync();
        await sweep.StopAsync(cancellationToken);
    }
}
