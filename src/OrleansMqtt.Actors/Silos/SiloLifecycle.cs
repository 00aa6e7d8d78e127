using Orleans.Runtime;

namespace OrleansMqtt.Actors.Silos;

/// <summary>The lifecycle of one silo.</summary>
internal sealed class SiloLifecycle : Lifecycle, ISiloLifecycle;
