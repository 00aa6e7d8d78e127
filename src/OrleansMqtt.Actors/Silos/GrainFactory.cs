using System.Collections.Concurrent;
using Orleans;
using Orleans.Runtime;
using OrleansMqtt.Actors.Contracts;
using OrleansMqtt.Actors.Mailboxes;
using OrleansMqtt.Actors.Observers;

namespace OrleansMqtt.Actors.Silos;

/// <summary>The grain factory of a silo or client.</summary>
internal sealed class GrainFactory(References references, TurnEnvironment environment, IServiceProvider services) : IClusterClient
{
    private readonly ConcurrentDictionary<GrainId, ObserverMailbox> _observers = new();

    public IServiceProvider ServiceProvider => services;

    public TGrainInterface GetGrain<TGrainInterface>(Guid primaryKey, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithGuidKey =>
        (TGrainInterface)(object)references.Create(typeof(TGrainInterface), GrainKeys.Of(primaryKey), grainClassNamePrefix);

    public TGrainInterface GetGrain<TGrainInterface>(long primaryKey, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithIntegerKey =>
        (TGrainInterface)(object)references.Create(typeof(TGrainInterface), GrainKeys.Of(primaryKey), grainClassNamePrefix);

    public TGrainInterface GetGrain<TGrainInterface>(string primaryKey, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithStringKey =>
        (TGrainInterface)(object)references.Create(typeof(TGrainInterface), CheckKey(primaryKey), grainClassNamePrefix);

    public TGrainInterface GetGrain<TGrainInterface>(GrainId grainId)
        where TGrainInterface : IAddressable => (TGrainInterface)(object)references.Create(typeof(TGrainInterface), grainId);

    public IGrain GetGrain(Type grainInterfaceType, string grainPrimaryKey) =>
        (IGrain)references.Create(grainInterfaceType, CheckKey(grainPrimaryKey), null);

    public TGrainObserverInterface CreateObjectReference<TGrainObserverInterface>(IGrainObserver obj)
        where TGrainObserverInterface : IGrainObserver
    {
        ArgumentNullException.ThrowIfNull(obj);
        if (obj is GrainReference or not TGrainObserverInterface)
        {
            throw new ArgumentException($"{obj.GetType()} is no local {typeof(TGrainObserverInterface)}.", nameof(obj));
        }

        ContractCheck.Require([typeof(TGrainObserverInterface)]);
        var mailbox = new ObserverMailbox(environment, obj);
        var grainId = GrainId.Create(ObserverMailbox.GrainType, mailbox.Key);
        _observers[grainId] = mailbox;
        return (TGrainObserverInterface)(object)references.Create(typeof(TGrainObserverInterface), grainId, mailbox);
    }

    public void DeleteObjectReference<TGrainObserverInterface>(IGrainObserver obj)
        where TGrainObserverInterface : IGrainObserver
    {
        if (obj is not GrainReference reference || !_observers.TryRemove(reference.GrainId, out var mailbox))
        {
            throw new ArgumentException("This is no reference that CreateObjectReference returned here, or it was deleted before.", nameof(obj));
        }

        mailbox.Delete();
    }

    /// <summary>An observer that lives here; null if it was deleted.</summary>
    public ObserverMailbox? FindObserver(GrainId grainId) => _observers.GetValueOrDefault(grainId);

    /// <summary>The process that these observers live in has ended.</summary>
    public void DeleteAllObjectReferences()
    {
        foreach (var observer in _observers.Keys)
        {
            if (_observers.TryRemove(observer, out var mailbox))
            {
                mailbox.Delete();
            }
        }
    }

    private static string CheckKey(string key)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(key);
        return key;
    }
}
