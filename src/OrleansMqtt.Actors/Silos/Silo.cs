using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orleans;
using Orleans.Configuration;
using Orleans.Runtime;
using OrleansMqtt.Actors.Activations;
using OrleansMqtt.Actors.Clusters;
using OrleansMqtt.Actors.Contracts;
using OrleansMqtt.Actors.Mailboxes;

namespace OrleansMqtt.Actors.Silos;

/// <summary>A host of grains.</summary>
internal sealed class Silo : IDisposable
{
    private readonly InProcessCluster? _alone;
    private readonly GrainClassCatalog _classes;
    private readonly Dictionary<GrainType, HostedClass> _hosted;
    private volatile bool _isServing;

    public Silo(
        IServiceProvider services, ICallRouter router, SiloClasses classes, TurnEnvironment environment, IOptions<GrainCollectionOptions> collection)
    {
        _alone = router as InProcessCluster;
        _classes = classes.Hosted;
        Services = services;
        CollectionOptions = collection.Value;
        Environment = environment;
        References = new References(router, classes.Known);
        GrainFactory = new GrainFactory(References, Environment, services);
        Collector = new ActivationCollector(Directory, CollectionOptions, environment.Time);
        ActivationTimeout = new SharedTimeout(CollectionOptions.ActivationTimeout, environment.Time);
        DeactivationTimeout = new SharedTimeout(CollectionOptions.DeactivationTimeout, environment.Time);
        _hosted = _classes.All.ToDictionary(grainClass => grainClass.GrainType, Host);
    }

    public IServiceProvider Services { get; }

    public GrainCollectionOptions CollectionOptions { get; }

    public TurnEnvironment Environment { get; }

    public References References { get; }

    public GrainFactory GrainFactory { get; }

    /// <summary>Whether calls are taken.</summary>
    public bool IsServing => _isServing;

    public ActivationDirectory Directory { get; } = new();

    /// <summary>Whether this silo owns a grain; always so in a cluster of one.</summary>
    public Func<GrainId, bool> Owns { get; set; } = static _ => true;

    public ActivationCollector Collector { get; }

    public SharedTimeout ActivationTimeout { get; }

    public SharedTimeout DeactivationTimeout { get; }

    /// <summary>Opens the silo for calls.</summary>
    /// <exception cref="OrleansConfigurationException">A contract of a hosted grain is not immutable.</exception>
    public void Open()
    {
        ContractCheck.Require(_classes.All.SelectMany(grainClass => grainClass.Interfaces));
        _isServing = true;
        _alone?.Join(this);
        Collector.Start();
    }

    public ICallTarget? Deliver(GrainId grainId, Call call)
    {
        if (!_isServing)
        {
            call.Fail(new SiloUnavailableException($"The silo that would hold {grainId} has stopped."));
            return null;
        }

        if (_hosted.TryGetValue(grainId.Type, out var hosted))
        {
            var target = Directory.Deliver(hosted, grainId, call);
            if (Environment.IsKilled)
            {
                // The silo was killed meanwhile, and may have overlooked an activation that did not exist yet.
                KillAll();
            }

            return target;
        }

        call.Fail(new OrleansException($"No active silo has a class of the grain type \"{grainId.Type}\"."));
        return null;
    }

    /// <summary>Deactivates all grains, those too that others activate meanwhile.</summary>
    public async Task DeactivateAllAsync(CancellationToken token)
    {
        var reason = new DeactivationReason(DeactivationReasonCode.ShuttingDown, "The silo stops.");
        while (!Directory.IsEmpty)
        {
            var ended = new List<Task>();
            foreach (var activation in Directory.All())
            {
                activation.Deactivate(reason, token);
                ended.Add(activation.Deactivated);
            }

            if (ended.Count == 0)
            {
                return;
            }

            await Task.WhenAll(ended).WaitAsync(token);
        }
    }

    /// <summary>Deactivates the grains that have moved; whichever does not end in time is killed, since others wait for it.</summary>
    public async Task DeactivateAsync(Func<GrainId, bool> hasMoved, DeactivationReason reason)
    {
        var moved = Directory.All().Where(activation => !activation.IsStatelessWorker && hasMoved(activation.GrainId)).ToList();
        moved.ForEach(activation => activation.Deactivate(reason));
        try
        {
            await Task.WhenAll(moved.Select(static activation => activation.Deactivated)).WaitAsync(CollectionOptions.DeactivationTimeout, Environment.Time).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            moved.ForEach(static activation => activation.Kill());
        }
    }

    /// <summary>Whether each silo may have activations of its own of a grain.</summary>
    public bool IsStatelessWorker(GrainId grainId) => _classes.Find(grainId.Type) is { MaxWorkers: > 0 };

    /// <summary>Takes no calls any more.</summary>
    public void Close()
    {
        _isServing = false;
        _alone?.Leave(this);
        Collector.Dispose();
    }

    /// <summary>Ends the silo as the death of its process would: no turn of its grains runs any more, calls fail.</summary>
    public void Kill()
    {
        Environment.Kill();
        Close();
        KillAll();
        GrainFactory.DeleteAllObjectReferences();
    }

    public void Dispose()
    {
        Close();
        ActivationTimeout.Dispose();
        DeactivationTimeout.Dispose();
        Environment.Dispose();
    }

    private void KillAll()
    {
        foreach (var activation in Directory.All())
        {
            activation.Kill();
        }
    }

    private HostedClass Host(GrainClass grainClass)
    {
        var age = CollectionOptions.ClassSpecificCollectionAge.TryGetValue(grainClass.Type.FullName!, out var configured)
            ? configured
            : grainClass.CollectionAge ?? CollectionOptions.CollectionAge;
        var own = Services.GetService<GrainTime>();
        return new HostedClass(grainClass, this, Collector.ToEpochs(age), own?.IsFor(grainClass.Type) == true ? own.Time : Environment.Time);
    }
}
