namespace Orleans.Runtime;

/// <summary>The start and stop of a silo.</summary>
public interface ISiloLifecycle : ILifecycleObservable
{
    /// <summary>The highest stage that has started completely.</summary>
    int HighestCompletedStage { get; }

    /// <summary>The lowest stage that has stopped.</summary>
    int LowestStoppedStage { get; }
}

/// <summary>The activation and deactivation of a grain.</summary>
public interface IGrainLifecycle : ILifecycleObservable;
