using Orleans;

namespace OrleansMqtt.Actors.Activations;

/// <summary>What only some activations need.</summary>
internal sealed class ActivationExtras
{
    public DeactivationReason? Reason { get; set; }

    public GrainLifecycle? Lifecycle { get; set; }

    /// <summary>Timestamp before which the activation is not collected.</summary>
    public long KeepUntil { get; set; } = long.MinValue;

    public HashSet<GrainTimer> Timers { get; } = [];

    public TaskCompletionSource Ended { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}
