namespace OrleansMqtt.Grains.Handlers;

/// <summary>
/// Lets handlers finish what has been acknowledged, when the silo stops: first while their grains are still here, and again when no more is routed and the grains are elsewhere.
/// </summary>
internal sealed class HandlerDrain(HandlerQueues queues, TimeProvider time) : ILifecycleParticipant<ISiloLifecycle>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <inheritdoc/>
    public void Participate(ISiloLifecycle observer)
    {
        observer.Subscribe(nameof(HandlerDrain), ServiceLifecycleStage.Active + 1, static _ => Task.CompletedTask, DrainAsync);
        observer.Subscribe(nameof(HandlerDrain), ServiceLifecycleStage.ApplicationServices - 1, static _ => Task.CompletedTask, DrainAsync);
    }

    private async Task DrainAsync(CancellationToken cancellationToken)
    {
        try
        {
            await queues.DrainAsync().WaitAsync(Patience, time, cancellationToken);
        }
        catch (Exception exception) when (exception is TimeoutException or OperationCanceledException)
        {
            // A handler that is slow or fails does not keep the silo from stopping.
        }
    }
}
