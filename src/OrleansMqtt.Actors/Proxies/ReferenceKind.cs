using Orleans.Runtime;
using OrleansMqtt.Actors.Mailboxes;

namespace OrleansMqtt.Actors.Proxies;

/// <summary>What all references of one silo or client to grains of one type through one interface share.</summary>
internal sealed class ReferenceKind(IReferenceRuntime references, GrainType grainType, ProxyType proxy)
{
    public IReferenceRuntime References { get; } = references;

    public GrainType GrainType { get; } = grainType;

    public Type Interface => proxy.Interface;

    public GrainReference Create(string key, ICallTarget? target = null) => proxy.Create(this, key, target);
}

/// <summary>What a reference asks of the silo or client that made it.</summary>
internal interface IReferenceRuntime
{
    /// <summary>Finds the grain's home and delivers the call there, or makes the call fail. Returns the home, for next time.</summary>
    ICallTarget? Deliver(GrainId grainId, Call call);

    GrainReference Create(Type interfaceType, GrainId grainId, ICallTarget? target = null);
}
