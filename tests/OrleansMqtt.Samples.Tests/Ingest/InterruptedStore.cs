using OrleansMqtt.Samples.Ingest;

namespace OrleansMqtt.Samples.Tests.Ingest;

/// <summary>Where a silo dies.</summary>
public enum Death
{
    /// <summary>It is about to store a reading.</summary>
    BeforeStored,

    /// <summary>The reading is stored, and nobody has been told.</summary>
    AfterStored,
}

/// <summary>At which reading a silo is to die. One for all silos.</summary>
internal sealed class DeathPlan(Death death, int number)
{
    private readonly TaskCompletionSource<string> _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _dead = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _count;

    /// <summary>The silo that has come so far.</summary>
    public Task<string> ReachedAsync() => _reached.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);

    /// <summary>It is dead.</summary>
    public void Done() => _dead.SetResult();

    public async Task PassAsync(Death point, string silo)
    {
        if (point == death && Interlocked.Increment(ref _count) == number) _reached.SetResult(silo);
        if (!_reached.Task.IsCompletedSuccessfully || await _reached.Task != silo) return;
        // Nothing more comes of what runs there.
        await _dead.Task;
        await new TaskCompletionSource().Task;
    }
}

/// <summary>A silo's way to the store, which ends where the plan says.</summary>
internal sealed class InterruptedStore(IReadingStore inner, DeathPlan plan, string silo) : IReadingStore
{
    public async Task AddAsync(IdentifiedReading reading, CancellationToken cancellationToken)
    {
        await plan.PassAsync(Death.BeforeStored, silo);
        await inner.AddAsync(reading, cancellationToken);
        await plan.PassAsync(Death.AfterStored, silo);
    }
}
