using Orleans.Runtime;
using OrleansMqtt.Actors.Silos;

namespace OrleansMqtt.Actors.Activations;

/// <summary>The lifecycle of one activation.</summary>
internal sealed class GrainLifecycle : Lifecycle, IGrainLifecycle;
