using Orleans.Runtime;

namespace Orleans;

/// <summary>What the runtime asks of a grain class; <see cref="Grain"/> implements it.</summary>
public interface IGrainBase
{
    /// <summary>The activation that this object is the grain of.</summary>
    IGrainContext GrainContext { get; }

    /// <summary>Runs before the first call. An exception makes the activation fail and reaches the callers that wait for it.</summary>
    /// <param name="token">Cancelled when activation takes longer than allowed.</param>
    /// <returns>A task that completes when the grain can be called.</returns>
    Task OnActivateAsync(CancellationToken token) => Task.CompletedTask;

    /// <summary>Runs after the last call. Not run when the process dies.</summary>
    /// <param name="reason">Why the grain is deactivated.</param>
    /// <param name="token">Cancelled when deactivation takes longer than allowed.</param>
    /// <returns>A task that completes when another activation may take over.</returns>
    Task OnDeactivateAsync(DeactivationReason reason, CancellationToken token) => Task.CompletedTask;
}
