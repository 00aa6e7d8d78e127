using Orleans;
using Orleans.Runtime;

namespace OrleansMqtt.Actors.Serialization;

/// <summary>What a reference to a grain or an observer is on the wire.</summary>
/// <param name="GrainId">Whom it names.</param>
/// <param name="Home">The process that an observer lives in; null for a grain, which may be anywhere.</param>
[GenerateSerializer]
[Immutable]
internal readonly record struct WireReference([property: Id(0)] GrainId GrainId, [property: Id(1)] string? Home = null);

/// <summary>Knows how references are sent.</summary>
internal interface IWireReferences
{
    WireReference Describe(GrainReference reference);

    /// <summary>Makes the reference that was described; it implements <paramref name="interfaceType"/>.</summary>
    /// <exception cref="WireFormatException">It describes nothing that there can be.</exception>
    GrainReference Resolve(Type interfaceType, WireReference reference);
}
