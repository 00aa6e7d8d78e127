namespace Orleans.Runtime;

/// <summary>An activation as its grain sees it.</summary>
public interface IGrainContext : IEquatable<IGrainContext>
{
    /// <summary>The reference that others use for this grain.</summary>
    GrainReference GrainReference { get; }

    /// <summary>The grain's identity.</summary>
    GrainId GrainId { get; }

    /// <summary>The grain object; null before it is created and after deactivation.</summary>
    object? GrainInstance { get; }

    /// <summary>The silo's services. Orleans makes a scope per activation; the bundled runtime does not.</summary>
    IServiceProvider ActivationServices { get; }

    /// <summary>What runs at activation and deactivation, besides the grain's own methods.</summary>
    IGrainLifecycle ObservableLifecycle { get; }

    /// <summary>Completes when the activation is gone.</summary>
    Task Deactivated { get; }

    /// <summary>Deactivates the grain when its current calls are done.</summary>
    /// <param name="deactivationReason">Why.</param>
    /// <param name="cancellationToken">Not used by the bundled runtime.</param>
    void Deactivate(DeactivationReason deactivationReason, CancellationToken cancellationToken = default);
}
