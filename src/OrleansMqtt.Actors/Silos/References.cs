using System.Collections.Concurrent;
using Orleans.Runtime;
using OrleansMqtt.Actors.Activations;
using OrleansMqtt.Actors.Clusters;
using OrleansMqtt.Actors.Mailboxes;
using OrleansMqtt.Actors.Observers;
using OrleansMqtt.Actors.Proxies;

namespace OrleansMqtt.Actors.Silos;

/// <summary>Creates the references of one silo or client, and finds the way for those that do not know it.</summary>
internal sealed class References(ICallRouter cluster, GrainClassCatalog classes) : IReferenceRuntime
{
    private readonly ConcurrentDictionary<Type, ReferenceKind> _unambiguous = new();
    private readonly ConcurrentDictionary<(Type, GrainType), ReferenceKind> _kinds = new();

    public GrainReference Create(Type interfaceType, string key, string? classNamePrefix)
    {
        if (classNamePrefix is not null)
        {
            return KindOf(interfaceType, classes.GrainTypeOf(interfaceType, classNamePrefix)).Create(key);
        }

        if (!_unambiguous.TryGetValue(interfaceType, out var kind))
        {
            kind = _unambiguous.GetOrAdd(interfaceType, KindOf(interfaceType, classes.GrainTypeOf(interfaceType, null)));
        }

        return kind.Create(key);
    }

    public GrainReference Create(Type interfaceType, GrainId grainId, ICallTarget? target = null) =>
        KindOf(interfaceType, grainId.Type).Create(grainId.Key.ToString(), target);

    public ICallTarget? Deliver(GrainId grainId, Call call)
    {
        if (grainId.Type != ObserverMailbox.GrainType)
        {
            return cluster.Deliver(grainId, call);
        }

        // A reference to an observer always knows its mailbox, and that one refused: it is deleted.
        call.Fail(new OrleansException($"The observer {grainId.Key} was deleted."));
        return null;
    }

    private ReferenceKind KindOf(Type interfaceType, GrainType grainType) =>
        _kinds.TryGetValue((interfaceType, grainType), out var kind)
            ? kind
            : _kinds.GetOrAdd((interfaceType, grainType), new ReferenceKind(this, grainType, ProxyType.Of(interfaceType)));
}
