using OrleansMqtt.Actors.Mailboxes;

namespace OrleansMqtt.Actors.Activations;

/// <summary>The activations of a stateless worker in one silo: a call goes to an idle one, or to a new one while there may be more.</summary>
internal sealed class StatelessWorkers(HostedClass hosted, string key) : ICallTarget
{
    private readonly Lock _lock = new();
    private readonly List<Activation> _workers = [];
    private int _next;

    public bool TryPost(Call call)
    {
        if (!hosted.Silo.IsServing)
        {
            return false;
        }

        lock (_lock)
        {
            _workers.RemoveAll(static worker => worker.IsClosed);
            // A worker that closes between this choice and the post refuses the call; then the choice is made again.
            while (true)
            {
                var worker = Choose();
                if (worker.TryPost(call))
                {
                    return true;
                }

                _workers.Remove(worker);
            }
        }
    }

    public IEnumerable<Activation> All()
    {
        lock (_lock)
        {
            return [.. _workers.Where(static worker => !worker.IsClosed)];
        }
    }

    private Activation Choose()
    {
        foreach (var worker in _workers)
        {
            if (worker.IsFree)
            {
                return worker;
            }
        }

        if (_workers.Count < hosted.Class.MaxWorkers)
        {
            var worker = new Activation(hosted, key);
            _workers.Add(worker);
            return worker;
        }

        _next = (_next + 1) % _workers.Count;
        return _workers[_next];
    }
}
