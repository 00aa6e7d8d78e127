using Orleans;

namespace OrleansMqtt.Actors.Activations;

/// <summary>What only some activations need.</summary>
internal sealed class ActivationExtras
{
    public DeactivationReason? Reason { get; set; }

    public GrainLifecycle? Lifecycle { get; set; }

    /// <summary>Timestamp before which the activation is not collected.</summary>
    public long KeepUntil { get; set; } = long.MinValue;

    /// <summary>The timers that run; under the lock of this object. Null: there never was one.</summary>
    public HashSet<GrainTimer>? Timers { get; set; }

    /// <summary>Completed when the activation has ended. Null: nobody has asked yet.</summary>
    public TaskCompletionSource? Ended => Volatile.Read(ref _ended);

    private TaskCompletionSource? _ended;

    /// <summary>What to complete at the end; the same one for all who ask.</summary>
    public TaskCompletionSource AwaitEnd() =>
        Ended ?? Interlocked.CompareExchange(ref _ended, new(TaskCreationOptions.RunContinuationsAsynchronously), null) ?? _ended;
}
