using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Orleans;
using Orleans.Hosting;
using Orleans.Runtime;
using Orleans.Storage;
using Orleans.TestingHost;
using OrleansMqtt.Actors.Tests.Support;

namespace OrleansMqtt.Actors.Tests.Persistence;

[GenerateSerializer]
public sealed class Counter
{
    [Id(0)]
    public int Value { get; set; }

    [Id(1)]
    public List<string> Names { get; set; } = [];
}

internal interface ICounterGrain : IGrainWithStringKey
{
    Task<int> Add(int number);

    Task AddWithoutWriting(int number);

    Task<int> Value();

    Task Clear();

    Task<bool> IsStored();

    Task DeactivateSoon();

    /// <summary>Writes behind the grain's back, so that its own next write conflicts.</summary>
    Task WriteBehind(int value);
}

internal sealed class CounterGrain(
    [PersistentState("counter", "shared")] IPersistentState<Counter> state, [FromKeyedServices("shared")] IGrainStorage storage)
    : Grain, ICounterGrain
{
    public async Task<int> Add(int number)
    {
        state.State.Value += number;
        await state.WriteStateAsync();
        return state.State.Value;
    }

    public Task AddWithoutWriting(int number)
    {
        state.State.Value += number;
        return Task.CompletedTask;
    }

    public Task<int> Value() => Task.FromResult(state.State.Value);

    public Task Clear() => state.ClearStateAsync();

    public Task<bool> IsStored() => Task.FromResult(state.RecordExists);

    public Task DeactivateSoon()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }

    public async Task WriteBehind(int value)
    {
        var other = new GrainState<Counter>(new Counter());
        await storage.ReadStateAsync("counter", this.GetGrainId(), other);
        other.State!.Value = value;
        await storage.WriteStateAsync("counter", this.GetGrainId(), other);
    }
}

public class PersistentStateTests
{
    [Fact]
    public async Task What_was_written_survives_the_activation_and_nothing_else_does()
    {
        await using var cluster = await Cluster.StartAsync<Memory>();
        var grain = cluster.GrainFactory.GetGrain<ICounterGrain>("a");

        Assert.False(await grain.IsStored());
        Assert.Equal(5, await grain.Add(5));
        await grain.AddWithoutWriting(100);
        await grain.DeactivateSoon();

        Assert.Equal(5, await grain.Value());
        Assert.True(await grain.IsStored());
    }

    [Fact]
    public async Task A_write_after_somebody_elses_fails_and_the_grain_reads_anew()
    {
        await using var cluster = await Cluster.StartAsync<Memory>();
        var grain = cluster.GrainFactory.GetGrain<ICounterGrain>("a");
        await grain.Add(1);

        await grain.WriteBehind(50);
        var exception = await Assert.ThrowsAsync<InconsistentStateException>(() => grain.Add(1));

        Assert.NotEqual(exception.StoredEtag, exception.CurrentEtag);
        Assert.Equal(51, await grain.Add(1));
    }

    [Fact]
    public async Task Clearing_deletes_the_state()
    {
        await using var cluster = await Cluster.StartAsync<Memory>();
        var grain = cluster.GrainFactory.GetGrain<ICounterGrain>("a");
        await grain.Add(7);

        await grain.Clear();

        Assert.False(await grain.IsStored());
        Assert.Equal(0, await grain.Value());
        Assert.Equal(2, await grain.Add(2));
    }

    [Fact]
    public async Task A_killed_silo_loses_its_activations_and_not_what_is_stored()
    {
        await using var cluster = await Cluster.StartAsync<Shared>();
        var grain = cluster.GrainFactory.GetGrain<ICounterGrain>(Gates.NewName());
        await grain.Add(3);
        await grain.AddWithoutWriting(100);

        // One of them holds it.
        foreach (var silo in cluster.Silos)
        {
            await cluster.KillSiloAsync(silo);
            await cluster.RestartSiloAsync(silo);
            await cluster.WaitForLivenessToStabilizeAsync(didKill: true);
        }

        Assert.Equal(3, await grain.Value());
    }

    internal sealed class Memory : ISiloConfigurator
    {
        public void Configure(ISiloBuilder siloBuilder) => siloBuilder.AddMemoryGrainStorage("shared");
    }

    internal sealed class Shared : ISiloConfigurator
    {
        public void Configure(ISiloBuilder siloBuilder) =>
            siloBuilder.Services.AddKeyedSingleton<IGrainStorage>("shared", static (_, _) => SharedStorage.Instance);
    }
}

/// <summary>A storage that outlives silos.</summary>
internal sealed class SharedStorage : IGrainStorage
{
    private readonly ConcurrentDictionary<(string, GrainId), int> _values = new();

    public static SharedStorage Instance { get; } = new();

    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var exists = _values.TryGetValue((stateName, grainId), out var value);
        grainState.State = (T)(object)new Counter { Value = value };
        grainState.RecordExists = exists;
        return Task.CompletedTask;
    }

    public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        _values[(stateName, grainId)] = ((Counter)(object)grainState.State!).Value;
        grainState.RecordExists = true;
        return Task.CompletedTask;
    }

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        _values.TryRemove((stateName, grainId), out _);
        grainState.RecordExists = false;
        return Task.CompletedTask;
    }
}
