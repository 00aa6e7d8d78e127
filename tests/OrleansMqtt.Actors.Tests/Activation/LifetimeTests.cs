using System.Collections.Concurrent;
using Orleans;
using Orleans.Runtime;
using OrleansMqtt.Actors.Tests.Support;

namespace OrleansMqtt.Actors.Tests.Activation;

internal interface ILifetimeGrain : IGrainWithStringKey
{
    /// <summary>Which activation answers: 1 for the first.</summary>
    Task<int> Activation();

    /// <summary>Asks to be deactivated, then waits at the gate.</summary>
    Task<int> DeactivateAndPass(string gate);

    /// <summary>The reasons of the deactivations so far.</summary>
    Task<string> Reasons();
}

internal sealed class LifetimeGrain : Grain, ILifetimeGrain
{
    private static readonly ConcurrentDictionary<string, int> Activations = new();
    private static readonly ConcurrentDictionary<string, string> Ends = new();

    private int _activation;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _activation = Activations.AddOrUpdate(this.GetPrimaryKeyString(), 1, static (_, former) => former + 1);
        return this.GetPrimaryKeyString().StartsWith("bad", StringComparison.Ordinal) && _activation == 1
            ? throw new InvalidOperationException("cannot be activated")
            : Task.CompletedTask;
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        await Task.Yield();
        Ends.AddOrUpdate(this.GetPrimaryKeyString(), reason.ReasonCode.ToString(), (_, former) => former + "," + reason.ReasonCode);
    }

    public Task<int> Activation() => Task.FromResult(_activation);

    public async Task<int> DeactivateAndPass(string gate)
    {
        DeactivateOnIdle();
        await Gates.Of(gate).PassAsync();
        return _activation;
    }

    public Task<string> Reasons() => Task.FromResult(Ends.GetValueOrDefault(this.GetPrimaryKeyString(), ""));
}

public class LifetimeTests
{
    [Fact]
    public async Task A_failure_to_activate_reaches_the_caller_and_the_next_call_tries_again()
    {
        await using var cluster = await Cluster.StartAsync();
        var grain = cluster.GrainFactory.GetGrain<ILifetimeGrain>("bad" + Gates.NewName());

        var exception = await Assert.ThrowsAnyAsync<Exception>(grain.Activation);

        Assert.Contains("cannot be activated", exception.ToString());
        Assert.Equal(2, await grain.Activation());
    }

    [Fact]
    public async Task Deactivation_lets_running_calls_end_and_hands_waiting_ones_to_the_next_activation()
    {
        await using var cluster = await Cluster.StartAsync();
        var grain = cluster.GrainFactory.GetGrain<ILifetimeGrain>(Gates.NewName());
        var gate = Gates.NewName();

        var running = grain.DeactivateAndPass(gate);
        await Gates.Of(gate).ArrivalAsync();
        var waiting = Enumerable.Range(0, 5).Select(_ => grain.Activation()).ToArray();
        Gates.Of(gate).Open();

        Assert.Equal(1, await running);
        Assert.All(await Task.WhenAll(waiting), activation => Assert.Equal(2, activation));
        Assert.Equal(nameof(DeactivationReasonCode.ApplicationRequested), await grain.Reasons());
    }

    [Fact]
    public async Task A_reference_outlives_activations()
    {
        await using var cluster = await Cluster.StartAsync();
        var grain = cluster.GrainFactory.GetGrain<ILifetimeGrain>(Gates.NewName());
        var gate = Gates.NewName();
        Gates.Of(gate).Open();

        for (var activation = 1; activation <= 5; activation++)
        {
            Assert.Equal(activation, await grain.DeactivateAndPass(gate));
        }
    }

    [Fact]
    public async Task A_silo_that_stops_deactivates_its_grains()
    {
        await using var cluster = await Cluster.StartAsync();
        var grain = cluster.GrainFactory.GetGrain<ILifetimeGrain>(Gates.NewName());
        Assert.Equal(1, await grain.Activation());

        // One of them held it, and it may have moved to one that was restarted later.
        foreach (var silo in cluster.Silos)
        {
            await cluster.RestartSiloAsync(silo);
        }

        Assert.InRange(await grain.Activation(), 2, int.MaxValue);
        Assert.Contains(nameof(DeactivationReasonCode.ShuttingDown), await grain.Reasons(), StringComparison.Ordinal);
    }
}
