namespace OrleansMqtt.Storage.Specification;

/// <summary>A store that a specification is run against, empty at first. Disposing of it deletes what it holds.</summary>
public abstract class StoreUnderTest : IAsyncDisposable
{
    public abstract ISessionLog Sessions { get; }

    public abstract IRetainedStore Retained { get; }

    public abstract ISubscriptionStore Subscriptions { get; }

    public abstract IDeadlineStore Deadlines { get; }

    public abstract IConnectionStore Connections { get; }

    public abstract ILeaseStore Leases { get; }

    public abstract IGrainStorage Grains { get; }

    /// <summary>Closes the store and opens it anew over the same data. The ports are other objects then. A store that survives nothing stays as it is.</summary>
    public abstract ValueTask ReopenAsync();

    /// <summary>Lets the store's clock go on; where it cannot be moved, waits until it has.</summary>
    public abstract ValueTask PassAsync(TimeSpan time);

    public abstract ValueTask DisposeAsync();
}
