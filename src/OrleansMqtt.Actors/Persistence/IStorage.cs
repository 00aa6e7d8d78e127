namespace Orleans.Core;

/// <summary>A stored state and its version.</summary>
public interface IStorage
{
    /// <summary>The version that was read or written last; null: none is stored.</summary>
    string? Etag { get; }

    /// <summary>Whether a state is stored.</summary>
    bool RecordExists { get; }

    /// <summary>Deletes the stored state.</summary>
    /// <returns>A task that completes when it is deleted.</returns>
    /// <exception cref="Storage.InconsistentStateException">Somebody else changed it since it was read.</exception>
    Task ClearStateAsync();

    /// <summary>Writes the state.</summary>
    /// <returns>A task that completes when it is stored.</returns>
    /// <exception cref="Storage.InconsistentStateException">Somebody else changed it since it was read.</exception>
    Task WriteStateAsync();

    /// <summary>Reads the state anew; what was not written is lost.</summary>
    /// <returns>A task that completes when it is read.</returns>
    Task ReadStateAsync();

    /// <inheritdoc cref="ClearStateAsync()"/>
    /// <param name="cancellationToken">Gives it up.</param>
    Task ClearStateAsync(CancellationToken cancellationToken) => ClearStateAsync();

    /// <inheritdoc cref="WriteStateAsync()"/>
    /// <param name="cancellationToken">Gives it up.</param>
    Task WriteStateAsync(CancellationToken cancellationToken) => WriteStateAsync();

    /// <inheritdoc cref="ReadStateAsync()"/>
    /// <param name="cancellationToken">Gives it up.</param>
    Task ReadStateAsync(CancellationToken cancellationToken) => ReadStateAsync();
}

/// <summary>A stored state of a known type.</summary>
/// <typeparam name="TState">The type; it needs a constructor without parameters.</typeparam>
public interface IStorage<TState> : IStorage
{
    /// <summary>The state as the grain has it in memory.</summary>
    TState State { get; set; }
}
