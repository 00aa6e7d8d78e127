using Orleans.Runtime;

namespace Orleans.TestingHost;

/// <summary>A silo of a test cluster.</summary>
public abstract class SiloHandle : IDisposable, IAsyncDisposable
{
    /// <summary>What its cluster is made of.</summary>
    public TestClusterOptions? ClusterOptions { get; set; }

    /// <summary>Its name.</summary>
    public string Name { get; set; } = "";

    /// <summary>Its address.</summary>
    public SiloAddress SiloAddress { get; set; } = SiloAddress.Zero;

    /// <summary>Whether it runs.</summary>
    public abstract bool IsActive { get; }

    /// <summary>Stops it.</summary>
    /// <param name="stopGracefully">Whether its grains are deactivated; otherwise it ends as the death of its process would.</param>
    /// <returns>A task that completes when it is gone.</returns>
    public abstract Task StopSiloAsync(bool stopGracefully);

    /// <summary>Stops it in good order.</summary>
    /// <param name="ct">Gives good order up.</param>
    /// <returns>A task that completes when it is gone.</returns>
    public abstract Task StopSiloAsync(CancellationToken ct);

    /// <inheritdoc/>
    public abstract ValueTask DisposeAsync();

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Name} {SiloAddress}";

    /// <summary>Ends it if it runs.</summary>
    /// <param name="disposing">Whether managed objects may be used.</param>
    protected virtual void Dispose(bool disposing)
    {
        if (disposing)
        {
            DisposeAsync().AsTask().GetAwaiter().GetResult();
        }
    }
}
