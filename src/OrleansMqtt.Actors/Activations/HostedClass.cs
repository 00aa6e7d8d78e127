using OrleansMqtt.Actors.Silos;

namespace OrleansMqtt.Actors.Activations;

/// <summary>A grain class in one silo.</summary>
internal sealed class HostedClass(GrainClass grainClass, Silo silo, int collectionAge, TimeProvider time)
{
    public GrainClass Class { get; } = grainClass;

    public Silo Silo { get; } = silo;

    /// <summary>After how many quanta without use an activation is collected.</summary>
    public int CollectionAge { get; } = collectionAge;

    /// <summary>The clock of its timers.</summary>
    public TimeProvider Time { get; } = time;
}
