using Microsoft.Extensions.Options;
using Orleans.Configuration;
using OrleansMqtt.Actors.Placement;

namespace OrleansMqtt.Actors.Activations;

/// <summary>The grain classes of one silo.</summary>
/// <exception cref="Orleans.Runtime.OrleansConfigurationException">The configured ones cannot be hosted.</exception>
internal sealed class SiloClasses(IOptions<GrainTypeOptions> options)
{
    /// <summary>Those that it hosts.</summary>
    public GrainClassCatalog Hosted { get; } = GrainClassCatalog.Of(options.Value.Classes);

    /// <summary>Those whose grains it can refer to by their interfaces: besides, what of the process only other silos host.</summary>
    public GrainClassCatalog Known => field ??= GrainClassCatalog.Of(
        Hosted.All.Concat(GrainClassCatalog.OfProcess.All.Where(other => Hosted.Find(other.GrainType) is null)).Select(static grainClass => grainClass.Type).ToHashSet());

    /// <summary>What others are told that it hosts.</summary>
    public string Manifest => GrainManifest.Write(Hosted.All.Select(static grainClass => grainClass.GrainType));
}
