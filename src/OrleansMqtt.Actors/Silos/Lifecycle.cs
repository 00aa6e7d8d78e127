using Orleans;

namespace OrleansMqtt.Actors.Silos;

/// <summary>Starts observers stage by stage upwards, those of one stage together; stops what was started, downwards.</summary>
internal abstract class Lifecycle
{
    private readonly List<Subscription> _subscriptions = new(1);
    private int _started = int.MinValue;

    public int HighestCompletedStage { get; private set; } = int.MinValue;

    public int LowestStoppedStage { get; private set; } = int.MaxValue;

    public IDisposable Subscribe(string observerName, int stage, ILifecycleObserver observer)
    {
        ArgumentNullException.ThrowIfNull(observer);
        var subscription = new Subscription(this, stage, observer);
        lock (_subscriptions)
        {
            _subscriptions.Add(subscription);
        }

        return subscription;
    }

    /// <summary>Starts the stages from <paramref name="first"/> to <paramref name="last"/>.</summary>
    public async Task StartAsync(int first, int last, CancellationToken token)
    {
        for (var from = first; FindStage(from, last, ascending: true) is { } stage; from = stage + 1)
        {
            token.ThrowIfCancellationRequested();
            _started = stage;
            await TellAsync(stage, static (observer, token) => observer.OnStart(token), token);
            HighestCompletedStage = stage;
            if (stage == int.MaxValue)
            {
                break;
            }
        }
    }

    /// <summary>Stops all stages that were started. Every one gets its chance; what failed is thrown at the end.</summary>
    public async Task StopAsync(CancellationToken token)
    {
        List<Exception>? failures = null;
        for (var to = _started; FindStage(int.MinValue, to, ascending: false) is { } stage; to = stage - 1)
        {
            try
            {
                await TellAsync(stage, static (observer, token) => observer.OnStop(token), token);
            }
            catch (Exception exception)
            {
                (failures ??= []).Add(exception);
            }

            LowestStoppedStage = stage;
            if (stage == int.MinValue)
            {
                break;
            }
        }

        if (failures is not null)
        {
            throw new AggregateException(failures);
        }
    }

    // The nearest stage within the bounds that somebody observes. Looked for anew each time: every grain with state has a lifecycle, nearly
    // always with one observer, and sorting it would cost more than all the rest of its activation.
    private int? FindStage(int first, int last, bool ascending)
    {
        int? found = null;
        lock (_subscriptions)
        {
            foreach (var subscription in _subscriptions)
            {
                var stage = subscription.Stage;
                if (stage >= first && stage <= last && (found is null || (ascending ? stage < found : stage > found)))
                {
                    found = stage;
                }
            }
        }

        return found;
    }

    private Task TellAsync(int stage, Func<ILifecycleObserver, CancellationToken, Task> tell, CancellationToken token)
    {
        ILifecycleObserver? first = null;
        List<ILifecycleObserver>? others = null;
        lock (_subscriptions)
        {
            foreach (var subscription in _subscriptions)
            {
                if (subscription.Stage != stage)
                {
                    continue;
                }

                if (first is null)
                {
                    first = subscription.Observer;
                }
                else
                {
                    (others ??= []).Add(subscription.Observer);
                }
            }
        }

        if (first is null)
        {
            return Task.CompletedTask;
        }

        return others is null ? tell(first, token) : Task.WhenAll(others.Prepend(first).Select(observer => tell(observer, token)));
    }

    private sealed class Subscription(Lifecycle lifecycle, int stage, ILifecycleObserver observer) : IDisposable
    {
        public int Stage { get; } = stage;

        public ILifecycleObserver Observer { get; } = observer;

        public void Dispose()
        {
            lock (lifecycle._subscriptions)
            {
                lifecycle._subscriptions.Remove(this);
            }
        }
    }
}
