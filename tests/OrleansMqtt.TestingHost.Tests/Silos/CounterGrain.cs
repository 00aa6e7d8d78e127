using Orleans;
using Orleans.Runtime;

namespace OrleansMqtt.TestingHost.Tests.Silos;

/// <summary>A user's grain, with a state.</summary>
[Alias("OrleansMqtt.TestingHost.Tests.ICounterGrain")]
public interface ICounterGrain : IGrainWithStringKey
{
    [Alias("Add")]
    Task<int> AddAsync();

    [Alias("Where")]
    Task<string> WhereAsync();
}

public sealed class CounterState
{
    public int Count { get; set; }
}

public sealed class CounterGrain(
    [PersistentState("count", "archive")] IPersistentState<CounterState> state, ILocalSiloDetails silo) : Grain, ICounterGrain
{
    public async Task<int> AddAsync()
    {
        state.State.Count++;
        await state.WriteStateAsync();
        return state.State.Count;
    }

    public Task<string> WhereAsync() => Task.FromResult(silo.Name);
}
