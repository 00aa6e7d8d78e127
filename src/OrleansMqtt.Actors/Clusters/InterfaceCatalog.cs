using System.Collections.Frozen;
using Orleans;
using Orleans.Runtime;
using OrleansMqtt.Actors.Activations;
using OrleansMqtt.Actors.Calls;
using OrleansMqtt.Actors.Proxies;

namespace OrleansMqtt.Actors.Clusters;

/// <summary>The grain and observer interfaces of this process by name: the only ones whose methods a peer can call. A name from outside never
/// loads a type.</summary>
internal sealed class InterfaceCatalog
{
    private static readonly Lazy<InterfaceCatalog> Process = new(static () => new InterfaceCatalog(GrainClassCatalog.Discover()));

    private readonly FrozenDictionary<string, Lazy<FrozenDictionary<string, MethodShape>>> _methods;

    public InterfaceCatalog(IEnumerable<Type> types)
    {
        _methods = types.Concat(typeof(IGrain).Assembly.GetTypes()).Where(IsCallable).Distinct().ToFrozenDictionary(
            static type => type.FullName!,
            static type => new Lazy<FrozenDictionary<string, MethodShape>>(() => ProxyType.Of(type).Methods.ToFrozenDictionary(static shape => shape.Id)),
            StringComparer.Ordinal);
    }

    public static InterfaceCatalog OfProcess => Process.Value;

    /// <summary>The method, or null.</summary>
    public MethodShape? Find(string interfaceName, string method) => _methods.GetValueOrDefault(interfaceName)?.Value.GetValueOrDefault(method);

    private static bool IsCallable(Type type) =>
        type is { IsInterface: true, ContainsGenericParameters: false, FullName: not null }
        && (GrainClassCatalog.IsGrainInterface(type) || (typeof(IGrainObserver).IsAssignableFrom(type) && type != typeof(IGrainObserver)));
}
