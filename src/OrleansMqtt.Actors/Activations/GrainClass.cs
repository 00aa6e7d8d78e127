using System.Reflection;
using Orleans;
using Orleans.Concurrency;
using Orleans.Placement;
using Orleans.Runtime;

namespace OrleansMqtt.Actors.Activations;

/// <summary>What is known of a grain class, once per process.</summary>
internal sealed class GrainClass
{
    private readonly Lazy<Func<IGrainContext, object>> _create;

    public GrainClass(Type type)
    {
        Type = type;
        GrainType = GrainType.Create(string.Intern(type.GetCustomAttribute<GrainTypeAttribute>()?.Name ?? NameByConvention(type)));
        Interfaces = [.. type.GetInterfaces().Where(GrainClassCatalog.IsGrainInterface)];
        IsReentrant = type.IsDefined(typeof(ReentrantAttribute));
        KeepAlive = type.IsDefined(typeof(KeepAliveAttribute));
        CollectionAge = type.GetCustomAttribute<CollectionAgeLimitAttribute>()?.Age;
        MaxWorkers = (type.GetCustomAttribute<PlacementAttribute>()?.PlacementStrategy as StatelessWorkerPlacement)?.MaxLocal ?? 0;
        RunsCodeAtActivation = Overrides(nameof(IGrainBase.OnActivateAsync));
        RunsCodeAtDeactivation = Overrides(nameof(IGrainBase.OnDeactivateAsync))
            || typeof(IDisposable).IsAssignableFrom(type) || typeof(IAsyncDisposable).IsAssignableFrom(type);
        _create = new(() => GrainConstructor.Compile(type));
    }

    public Type Type { get; }

    public GrainType GrainType { get; }

    public IReadOnlyList<Type> Interfaces { get; }

    public bool IsReentrant { get; }

    public bool KeepAlive { get; }

    /// <summary>The class's own collection age, if it declares one.</summary>
    public TimeSpan? CollectionAge { get; }

    /// <summary>How many activations of one stateless worker a silo may have; 0: the grain is no stateless worker.</summary>
    public int MaxWorkers { get; }

    public bool RunsCodeAtActivation { get; }

    public bool RunsCodeAtDeactivation { get; }

    public object Create(IGrainContext context) => _create.Value(context);

    // As Orleans does it: MyThingGrain is mything.
    private static string NameByConvention(Type type)
    {
        const string Suffix = "grain";
#pragma warning disable CA1308 // The lower-case form is part of stored identities.
        var name = type.Name.ToLowerInvariant();
#pragma warning restore CA1308
        return name.Length > Suffix.Length && name.EndsWith(Suffix, StringComparison.Ordinal) ? name[..^Suffix.Length] : name;
    }

    private bool Overrides(string method)
    {
        if (!typeof(IGrainBase).IsAssignableFrom(Type))
        {
            return false;
        }

        var map = Type.GetInterfaceMap(typeof(IGrainBase));
        var implementation = map.TargetMethods[Array.FindIndex(map.InterfaceMethods, candidate => candidate.Name == method)];
        // The class's own most derived version; the interface map of an inherited virtual method names the base's slot.
        return implementation.DeclaringType != typeof(IGrainBase) && implementation.DeclaringType != typeof(Grain);
    }
}
