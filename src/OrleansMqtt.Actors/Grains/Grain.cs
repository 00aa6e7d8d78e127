using Orleans.Runtime;
using OrleansMqtt.Actors.Activations;

namespace Orleans;

/// <summary>The base class of grains.</summary>
public abstract class Grain : IGrainBase, IAddressable
{
    /// <summary>Binds the new object to the activation that is being created on this thread, if any.</summary>
    protected Grain() => GrainContext = Activation.BeingCreated!;

    /// <summary>The activation that this object is the grain of; null for an object that the runtime did not create.</summary>
    public IGrainContext GrainContext { get; }

    /// <summary>The reference that other grains and clients use for this grain.</summary>
    public GrainReference GrainReference => GrainContext.GrainReference;

    /// <summary>The grain's identity as text.</summary>
    public string IdentityString => GrainContext?.GrainId.ToString() ?? string.Empty;

    /// <summary>Creates references to other grains.</summary>
    protected IGrainFactory GrainFactory => Activation.Of(GrainContext).GrainFactory;

    /// <summary>The services of the silo.</summary>
    protected internal IServiceProvider ServiceProvider => GrainContext?.ActivationServices!;

    /// <summary>Deactivates this grain when its current calls are done; calls that wait go to its next activation.</summary>
    protected void DeactivateOnIdle() => GrainBaseExtensions.DeactivateOnIdle(this);

    /// <summary>Keeps an idle grain from being collected for a time. Negative: takes an earlier request back.</summary>
    /// <param name="timeSpan">At least how long the grain stays.</param>
    protected void DelayDeactivation(TimeSpan timeSpan) => Activation.Of(GrainContext).DelayDeactivation(timeSpan);

    /// <inheritdoc cref="IGrainBase.OnActivateAsync"/>
    public virtual Task OnActivateAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc cref="IGrainBase.OnDeactivateAsync"/>
    public virtual Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken) => Task.CompletedTask;
}
