using Orleans.Runtime;
using OrleansMqtt.Actors.Activations;

namespace Orleans.Metadata;

/// <summary>Knows which grain type a class has: what the identities of its grains begin with.</summary>
public class GrainTypeResolver
{
    private readonly GrainClassCatalog _classes;

    internal GrainTypeResolver(GrainClassCatalog classes) => _classes = classes;

    /// <summary>The grain type of a class.</summary>
    /// <param name="type">A grain class of this process.</param>
    /// <returns>The grain type.</returns>
    /// <exception cref="ArgumentException">It is none.</exception>
    public GrainType GetGrainType(Type type) => _classes.All.FirstOrDefault(grainClass => grainClass.Type == type)?.GrainType ?? throw new ArgumentException($"{type} is no grain class.", nameof(type));
}
