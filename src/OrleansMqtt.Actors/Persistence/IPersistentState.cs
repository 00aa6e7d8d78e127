using Orleans.Core;

namespace Orleans.Runtime;

/// <summary>A grain's stored state, given to its constructor and read before its activation.</summary>
/// <typeparam name="TState">The type of the state.</typeparam>
public interface IPersistentState<TState> : IStorage<TState>;

/// <summary>Names a state and the storage that keeps it.</summary>
public interface IPersistentStateConfiguration
{
    /// <summary>The state's name, one of those that a grain has.</summary>
    string StateName { get; }

    /// <summary>The storage's name; null: the default storage.</summary>
    string? StorageName { get; }
}

/// <summary>Creates persistent states.</summary>
public interface IPersistentStateFactory
{
    /// <summary>Creates one, to be read when the grain is activated.</summary>
    /// <typeparam name="TState">The type of the state.</typeparam>
    /// <param name="context">The grain's activation.</param>
    /// <param name="config">The names.</param>
    /// <returns>The state.</returns>
    IPersistentState<TState> Create<TState>(IGrainContext context, IPersistentStateConfiguration config);
}
