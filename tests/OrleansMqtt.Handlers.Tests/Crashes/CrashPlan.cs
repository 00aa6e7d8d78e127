namespace OrleansMqtt.Handlers.Tests.Crashes;

/// <summary>Where something is to die on the way of a message.</summary>
public enum CrashPoint
{
    /// <summary>Its session is about to store it.</summary>
    BeforeStored,

    /// <summary>Its session has stored it, and does not know yet.</summary>
    AfterStored,

    /// <summary>The handler has been called.</summary>
    Called,

    /// <summary>The handler's state is about to be written.</summary>
    BeforeApplied,

    /// <summary>The handler's state has been written, and the handler does not know yet.</summary>
    AfterApplied,

    /// <summary>The handler has returned, and its session is about to forget it.</summary>
    BeforeForgotten,

    /// <summary>Its session has forgotten it, and does not know yet.</summary>
    AfterForgotten,
}

/// <summary>Says to whoever comes to a point that it is to wait there, and whether it is dead afterwards. Shared by all silos of a cluster.</summary>
internal sealed class CrashPlan
{
    private static readonly TimeSpan Guard = TimeSpan.FromSeconds(30);
    private readonly Lock _lock = new();
    private CrashPoint? _armed;
    private TaskCompletionSource<string> _reached = NewSource<string>();
    private TaskCompletionSource<string?> _killed = NewSource<string?>();

    /// <summary>Whoever comes there first is to wait.</summary>
    public void Arm(CrashPoint point)
    {
        lock (_lock) (_armed, _reached, _killed) = (point, NewSource<string>(), NewSource<string?>());
    }

    /// <summary>The silo that has come there.</summary>
    public Task<string> ReachedAsync() => _reached.Task.WaitAsync(Guard, TestContext.Current.CancellationToken);

    /// <summary>It may go on, unless it is the silo that was killed.</summary>
    public void GoOn(string? killed) => _killed.SetResult(killed);

    /// <summary>A silo comes to a point.</summary>
    public async Task PassAsync(CrashPoint point, string silo)
    {
        TaskCompletionSource<string?> killed;
        lock (_lock)
        {
            if (_armed != point) return;
            _armed = null;
            killed = _killed;
            _reached.SetResult(silo);
        }
        // What is dead comes back from nowhere.
        if (await killed.Task == silo) await new TaskCompletionSource().Task;
    }

    private static TaskCompletionSource<T> NewSource<T>() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
