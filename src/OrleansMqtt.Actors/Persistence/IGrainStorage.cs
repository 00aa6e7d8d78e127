using Orleans.Runtime;

namespace Orleans.Storage;

/// <summary>Keeps grain states. Each operation sets the state's ETag and whether a record exists.</summary>
public interface IGrainStorage
{
    /// <summary>Reads a state; without a record it becomes a new object.</summary>
    /// <typeparam name="T">The type of the state.</typeparam>
    /// <param name="stateName">The state's name.</param>
    /// <param name="grainId">Whose state.</param>
    /// <param name="grainState">Is filled.</param>
    /// <returns>A task that completes when it is read.</returns>
    Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState);

    /// <summary>Writes a state if its ETag is still the stored one.</summary>
    /// <typeparam name="T">The type of the state.</typeparam>
    /// <param name="stateName">The state's name.</param>
    /// <param name="grainId">Whose state.</param>
    /// <param name="grainState">The state; its ETag is renewed.</param>
    /// <returns>A task that completes when it is stored.</returns>
    /// <exception cref="InconsistentStateException">The ETag is not the stored one.</exception>
    Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState);

    /// <summary>Deletes a state if its ETag is still the stored one.</summary>
    /// <typeparam name="T">The type of the state.</typeparam>
    /// <param name="stateName">The state's name.</param>
    /// <param name="grainId">Whose state.</param>
    /// <param name="grainState">The state; it becomes a new object.</param>
    /// <returns>A task that completes when it is deleted.</returns>
    /// <exception cref="InconsistentStateException">The ETag is not the stored one.</exception>
    Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState);

    /// <inheritdoc cref="ReadStateAsync{T}(string, GrainId, IGrainState{T})"/>
    /// <param name="stateName">The state's name.</param>
    /// <param name="grainId">Whose state.</param>
    /// <param name="grainState">Is filled.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState, CancellationToken cancellationToken) =>
        ReadStateAsync(stateName, grainId, grainState);

    /// <inheritdoc cref="WriteStateAsync{T}(string, GrainId, IGrainState{T})"/>
    /// <param name="stateName">The state's name.</param>
    /// <param name="grainId">Whose state.</param>
    /// <param name="grainState">The state; its ETag is renewed.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState, CancellationToken cancellationToken) =>
        WriteStateAsync(stateName, grainId, grainState);

    /// <inheritdoc cref="ClearStateAsync{T}(string, GrainId, IGrainState{T})"/>
    /// <param name="stateName">The state's name.</param>
    /// <param name="grainId">Whose state.</param>
    /// <param name="grainState">The state; it becomes a new object.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState, CancellationToken cancellationToken) =>
        ClearStateAsync(stateName, grainId, grainState);
}
