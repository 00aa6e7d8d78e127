using Microsoft.Extensions.Logging;
using Orleans;
using Orleans.Runtime;
using Orleans.Storage;
using OrleansMqtt.Actors.Mailboxes;

namespace OrleansMqtt.Actors.Activations;

/// <summary>
/// A grain in memory. There may be millions, so what most do not need (timers, a lifecycle, somebody waiting for the end) is in
/// <see cref="ActivationExtras"/>, made when first asked for.
/// </summary>
internal sealed partial class Activation(HostedClass hosted, string key) : Mailbox, IGrainContext
{
    [ThreadStatic]
    private static Activation? _beingCreated;

    private object? _instance;
    private ActivationExtras? _extras;
    private int _lastUsed;

    /// <summary>The activation whose grain is being constructed on this thread.</summary>
    public static Activation? BeingCreated => _beingCreated;

    public GrainId GrainId => GrainId.Create(hosted.Class.GrainType, key);

    public bool IsStatelessWorker => hosted.Class.MaxWorkers > 0;

    public GrainReference GrainReference => hosted.Silo.References.Create(typeof(IGrain), GrainId, this);

    public object? GrainInstance => _instance;

    public IServiceProvider ActivationServices => hosted.Silo.Services;

    public IGrainFactory GrainFactory => hosted.Silo.GrainFactory;

    public override object Target => _instance!;

    protected override TurnEnvironment Environment => hosted.Silo.Environment;

    protected override bool IsReentrant => hosted.Class.IsReentrant;

    private ActivationExtras Extras => _extras ?? Interlocked.CompareExchange(ref _extras, new ActivationExtras(), null) ?? _extras;

    /// <summary>The activation behind a context.</summary>
    /// <exception cref="InvalidOperationException">The runtime did not create the grain.</exception>
    public static Activation Of(IGrainContext? context) =>
        context as Activation ?? throw new InvalidOperationException("This grain was not created by the runtime.");

    public bool Equals(IGrainContext? other) => ReferenceEquals(this, other);

    public override string ToString() => GrainId.ToString();

    public override void OnCallFailed(Call call, Exception? exception)
    {
        // Another activation wrote in between: what this one holds in memory is out of date.
        if (exception is InconsistentStateException { IsSourceActivation: true } conflict)
        {
            conflict.IsSourceActivation = false;
            Deactivate(new(DeactivationReasonCode.ApplicationError, exception, "The stored state was changed by somebody else."));
        }
    }

    protected override void OnUsed() => _lastUsed = hosted.Silo.Collector.Epoch;

    protected override ValueTask StartAsync()
    {
        // Who looked for grains that have moved before this one was in the directory has said that there is none.
        if (!IsStatelessWorker && !hosted.Silo.Owns(GrainId)) throw new SiloUnavailableException($"{GrainId} has moved to another silo.");
        var previous = _beingCreated;
        _beingCreated = this;
        try
        {
            _instance = hosted.Class.Create(this);
        }
        finally
        {
            _beingCreated = previous;
        }

        return hosted.Class.RunsCodeAtActivation || _extras?.Lifecycle is not null ? ActivateAsync() : default;
    }

    private async ValueTask ActivateAsync()
    {
        var timeout = hosted.Silo.ActivationTimeout.Begin();
        if (_extras?.Lifecycle is { } lifecycle)
        {
            await lifecycle.StartAsync(int.MinValue, GrainLifecycleStage.Activate, timeout);
        }

        if (_instance is IGrainBase grain)
        {
            await grain.OnActivateAsync(timeout);
        }

        if (_extras?.Lifecycle is { } later)
        {
            await later.StartAsync(GrainLifecycleStage.Activate + 1, int.MaxValue, timeout);
        }
    }
}
