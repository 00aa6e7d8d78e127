using System.Collections.Concurrent;
using Orleans.Runtime;
using OrleansMqtt.Actors.Activations;
using OrleansMqtt.Actors.Mailboxes;

namespace OrleansMqtt.Actors.Silos;

/// <summary>Where each grain of a silo is. A grain has at most one entry, so at most one activation.</summary>
internal sealed class ActivationDirectory
{
    private readonly ConcurrentDictionary<GrainId, ICallTarget> _entries = new();

    public bool IsEmpty => _entries.IsEmpty;

    /// <summary>Delivers a call to the grain's activation, making one if there is none.</summary>
    public ICallTarget Deliver(HostedClass hosted, GrainId grainId, Call call)
    {
        while (true)
        {
            var target = _entries.GetOrAdd(
                grainId,
                static (id, hosted) => hosted.Class.MaxWorkers > 0
                    ? new StatelessWorkers(hosted, id.Key.ToString())
                    : new Activation(hosted, id.Key.ToString()),
                hosted);
            if (target.TryPost(call))
            {
                return target;
            }

            // It has just closed; whoever comes first takes it out.
            _entries.TryRemove(new(grainId, target));
        }
    }

    public void Remove(Activation activation) => _entries.TryRemove(new(activation.GrainId, activation));

    public Activation? Find(GrainId grainId) => _entries.GetValueOrDefault(grainId) as Activation;

    public IEnumerable<Activation> All() =>
        _entries.Values.SelectMany(target => target is StatelessWorkers workers ? workers.All() : [(Activation)target]);
}
