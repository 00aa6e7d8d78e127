namespace OrleansMqtt.Storage.Specification.Faults;

/// <summary>A grain storage whose writes go wrong as planned. A state whose write was not answered keeps the ETag that it had.</summary>
public sealed class FaultyGrainStorage(IGrainStorage inner, FaultPlan faults) : IGrainStorage
{
    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) => inner.ReadStateAsync(stateName, grainId, grainState);

    public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) => OnCopyAsync(grainState, copy => inner.WriteStateAsync(stateName, grainId, copy));

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) => OnCopyAsync(grainState, copy => inner.ClearStateAsync(stateName, grainId, copy));

    private async Task OnCopyAsync<T>(IGrainState<T> state, Func<IGrainState<T>, Task> write)
    {
        var copy = new GrainState<T>(state.State, state.ETag) { RecordExists = state.RecordExists };
        await faults.WriteAsync(() => new ValueTask(write(copy)));
        (state.State, state.ETag, state.RecordExists) = (copy.State, copy.ETag, copy.RecordExists);
    }
}
