namespace Orleans;

/// <summary>Something that starts and stops in stages: upwards at start, downwards at stop.</summary>
public interface ILifecycleObservable
{
    /// <summary>Takes part in a stage.</summary>
    /// <param name="observerName">For logs.</param>
    /// <param name="stage">The stage.</param>
    /// <param name="observer">What to start and stop.</param>
    /// <returns>Ends the participation when disposed.</returns>
    IDisposable Subscribe(string observerName, int stage, ILifecycleObserver observer);
}

/// <summary>A part of something that starts and stops in stages.</summary>
public interface ILifecycleObserver
{
    /// <summary>Starts it. A failure fails the whole start.</summary>
    /// <param name="cancellationToken">Cancelled when the start is given up.</param>
    /// <returns>A task that completes when it has started.</returns>
    Task OnStart(CancellationToken cancellationToken = default);

    /// <summary>Stops it.</summary>
    /// <param name="cancellationToken">Cancelled when there is no more time.</param>
    /// <returns>A task that completes when it has stopped.</returns>
    Task OnStop(CancellationToken cancellationToken = default);
}

/// <summary>A service that takes part in a lifecycle; the silo asks those that are registered for <c>ISiloLifecycle</c>.</summary>
/// <typeparam name="TLifecycleObservable">Which lifecycle.</typeparam>
public interface ILifecycleParticipant<TLifecycleObservable>
    where TLifecycleObservable : ILifecycleObservable
{
    /// <summary>Subscribes to stages.</summary>
    /// <param name="lifecycle">The lifecycle.</param>
    void Participate(TLifecycleObservable lifecycle);
}
