using Orleans;

namespace OrleansMqtt.Actors.Silos;

/// <summary>Starts observers stage by stage upwards, those of one stage together; stops what was started, downwards.</summary>
internal abstract class Lifecycle
{
    private readonly Lock _lock = new();
    private readonly List<Subscription> _subscriptions = [];
    private int _started = int.MinValue;

    public int HighestCompletedStage { get; private set; } = int.MinValue;

    public int LowestStoppedStage { get; private set; } = int.MaxValue;

    public IDisposable Subscribe(string observerName, int stage, ILifecycleObserver observer)
    {
        ArgumentNullException.ThrowIfNull(observer);
        var subscription = new Subscription(this, stage, observer);
        lock (_lock)
        {
            _subscriptions.Add(subscription);
        }

        return subscription;
    }

    /// <summary>Starts the stages from <paramref name="first"/> to <paramref name="last"/>.</summary>
    public async Task StartAsync(int first, int last, CancellationToken token)
    {
        var stages = Snapshot().Where(subscription => subscription.Stage >= first && subscription.Stage <= last)
            .GroupBy(subscription => subscription.Stage).OrderBy(stage => stage.Key);
        foreach (var stage in stages)
        {
            token.ThrowIfCancellationRequested();
            _started = stage.Key;
            await Task.WhenAll(stage.Select(subscription => subscription.Observer.OnStart(token)));
            HighestCompletedStage = stage.Key;
        }
    }

    /// <summary>Stops all stages that were started. Every one gets its chance; what failed is thrown at the end.</summary>
    public async Task StopAsync(CancellationToken token)
    {
        var stages = Snapshot().Where(subscription => subscription.Stage <= _started)
            .GroupBy(subscription => subscription.Stage).OrderByDescending(stage => stage.Key);
        var failures = new List<Exception>();
        foreach (var stage in stages)
        {
            try
            {
                await Task.WhenAll(stage.Select(subscription => subscription.Observer.OnStop(token)));
            }
            catch (Exception exception)
            {
                failures.Add(exception);
            }

            LowestStoppedStage = stage.Key;
        }

        if (failures.Count > 0)
        {
            throw new AggregateException(failures);
        }
    }

    private Subscription[] Snapshot()
    {
        lock (_lock)
        {
            return [.. _subscriptions];
        }
    }

    private sealed class Subscription(Lifecycle lifecycle, int stage, ILifecycleObserver observer) : IDisposable
    {
        public int Stage { get; } = stage;

        public ILifecycleObserver Observer { get; } = observer;

        public void Dispose()
        {
            lock (lifecycle._lock)
            {
                lifecycle._subscriptions.Remove(this);
            }
        }
    }
}
