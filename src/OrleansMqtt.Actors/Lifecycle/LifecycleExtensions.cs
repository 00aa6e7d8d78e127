namespace Orleans;

/// <summary>Shorter ways to take part in a lifecycle.</summary>
public static class LifecycleExtensions
{
    /// <summary>Takes part in a stage with two delegates.</summary>
    /// <param name="observable">The lifecycle.</param>
    /// <param name="observerName">For logs.</param>
    /// <param name="stage">The stage.</param>
    /// <param name="onStart">Run at start.</param>
    /// <param name="onStop">Run at stop, if any.</param>
    /// <returns>Ends the participation when disposed.</returns>
    public static IDisposable Subscribe(
        this ILifecycleObservable observable, string observerName, int stage,
        Func<CancellationToken, Task> onStart, Func<CancellationToken, Task>? onStop) =>
        observable.Subscribe(observerName, stage, new Observer(onStart, onStop));

    /// <summary>Takes part in the start of a stage.</summary>
    /// <param name="observable">The lifecycle.</param>
    /// <param name="observerName">For logs.</param>
    /// <param name="stage">The stage.</param>
    /// <param name="onStart">Run at start.</param>
    /// <returns>Ends the participation when disposed.</returns>
    public static IDisposable Subscribe(
        this ILifecycleObservable observable, string observerName, int stage, Func<CancellationToken, Task> onStart) =>
        Subscribe(observable, observerName, stage, onStart, null);

    private sealed class Observer(Func<CancellationToken, Task> onStart, Func<CancellationToken, Task>? onStop) : ILifecycleObserver
    {
        public Task OnStart(CancellationToken cancellationToken) => onStart(cancellationToken);

        public Task OnStop(CancellationToken cancellationToken) => onStop?.Invoke(cancellationToken) ?? Task.CompletedTask;
    }
}
