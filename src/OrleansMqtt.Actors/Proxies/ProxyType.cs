using System.Collections.Concurrent;
using Orleans.Runtime;
using OrleansMqtt.Actors.Calls;
using OrleansMqtt.Actors.Mailboxes;

namespace OrleansMqtt.Actors.Proxies;

/// <summary>The proxy class that was emitted for an interface, once per process.</summary>
internal sealed class ProxyType
{
    private static readonly ConcurrentDictionary<Type, Lazy<ProxyType>> All = new();

    private readonly Func<ReferenceKind, string, ICallTarget?, GrainReference> _create;

    private ProxyType(Type interfaceType)
    {
        Interface = interfaceType;
        (_create, Methods) = ProxyEmitter.Emit(interfaceType);
    }

    public Type Interface { get; }

    public IReadOnlyList<MethodShape> Methods { get; }

    public static ProxyType Of(Type interfaceType) =>
        All.GetOrAdd(interfaceType, static type => new Lazy<ProxyType>(() => new ProxyType(type))).Value;

    public GrainReference Create(ReferenceKind kind, string key, ICallTarget? target) => _create(kind, key, target);
}
