using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans;
using Orleans.Runtime;
using OrleansMqtt.Actors.Clusters;

namespace OrleansMqtt.Actors.Silos;

/// <summary>Starts and stops the silo with its host.</summary>
internal sealed class SiloHostedService(
    Silo silo, SiloLifecycle lifecycle, IEnumerable<ILifecycleParticipant<ISiloLifecycle>> participants, IServiceProvider services) : IHostedService
{
    private readonly SiloMember? _member = services.GetService<IMembershipTable>() is null ? null : services.GetRequiredService<SiloMember>();
    private bool _killed;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (_member is null)
        {
            // Grains can be called from here on; storage and other services of lower stages are started by then.
            lifecycle.Subscribe("Silo", ServiceLifecycleStage.RuntimeGrainServices, _ =>
            {
                silo.Open();
                return Task.CompletedTask;
            });
        }
        else
        {
            lifecycle.Subscribe("Address", ServiceLifecycleStage.RuntimeInitialize, _member.BindAsync, _ => _member.DrainAsync());
            lifecycle.Subscribe("Membership", ServiceLifecycleStage.BecomeActive, token =>
            {
                silo.Open();
                return _member.JoinAsync(token);
            }, _member.HandOverAsync);

            // After everything that calls grains when it stops.
            lifecycle.Subscribe("Departure", ServiceLifecycleStage.RuntimeGrainServices, static _ => Task.CompletedTask, _member.LeaveAsync);
        }

        lifecycle.Subscribe("Grains", ServiceLifecycleStage.GrainDeactivation, static _ => Task.CompletedTask, silo.DeactivateAllAsync);
        foreach (var participant in participants)
        {
            participant.Participate(lifecycle);
        }

        await lifecycle.StartAsync(int.MinValue, int.MaxValue, cancellationToken);
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_killed)
        {
            return;
        }

        try
        {
            await lifecycle.StopAsync(cancellationToken);
        }
        finally
        {
            // What there was no time for, or what was activated at the last moment.
            Kill();
        }
    }

    /// <summary>Ends the silo without stopping anything.</summary>
    public void Kill()
    {
        _killed = true;
        silo.Kill();
        _member?.Kill();
    }
}
