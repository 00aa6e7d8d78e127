using OrleansMqtt.Grains.Gateways;
using OrleansMqtt.Grains.Routing;
using OrleansMqtt.Grains.Sessions;

namespace OrleansMqtt.Grains.Hosting;

/// <summary>Fills a silo's replica before the silo takes publishes, and ends its leases when it stops: behind its grains, so that it routes until others do.</summary>
internal sealed class ClusterParticipant(LeasedAttachment attachment, GatewayDirectory directory, UnstoredConnectionsSweep sweep, ConnectionSurvey survey, ClusterStop stop) : ILifecycleParticipant<ISiloLifecycle>
{
    /// <inheritdoc/>
    public void Participate(ISiloLifecycle observer)
    {
        observer.Subscribe(nameof(ClusterParticipant), ServiceLifecycleStage.Active, StartAsync, BeginStopAsync);
        // The silo has handed its grains over by then, and has not left yet.
        observer.Subscribe(nameof(ClusterParticipant), ServiceLifecycleStage.ApplicationServices, static _ => Task.CompletedTask, StopAsync);
    }

    private Task StartAsync(CancellationToken cancellationToken)
    {
        directory.Start();
        sweep.Start();
        survey.Start();
        return attachment.StartAsync(cancellationToken);
    }

    private Task BeginStopAsync(CancellationToken cancellationToken)
    {
        stop.Begin();
        return Task.CompletedTask;
    }

    private async Task StopAsync(CancellationToken cancellationToken)
    {
        await attachment.StopAsync(cancellationToken);
        await directory.StopAsync();
        await sweep.StopAsync(cancellationToken);
        await survey.StopAsync(cancellationToken);
    }
}
