using Orleans.Configuration;

namespace OrleansMqtt.Actors.Silos;

/// <summary>Deactivates idle grains with one timer: each quantum it counts one epoch and walks through the directory.</summary>
internal sealed class ActivationCollector(ActivationDirectory directory, GrainCollectionOptions options, TimeProvider time) : IDisposable
{
    private ITimer? _timer;
    private int _epoch;

    /// <summary>The current epoch; an activation notes the one in which it was last used.</summary>
    public int Epoch => Volatile.Read(ref _epoch);

    /// <summary>A time in epochs, rounded up, so that a grain never goes early.</summary>
    public int ToEpochs(TimeSpan age) => (int)Math.Min(int.MaxValue / 2, Math.Ceiling(age / options.CollectionQuantum));

    public void Start() =>
        _timer = time.CreateTimer(
            static collector => ((ActivationCollector)collector!).Collect(), this, options.CollectionQuantum, options.CollectionQuantum);

    public void Dispose() => _timer?.Dispose();

    private void Collect()
    {
        var epoch = Interlocked.Increment(ref _epoch);
        foreach (var activation in directory.All())
        {
            activation.CollectIfIdle(epoch);
        }
    }
}
