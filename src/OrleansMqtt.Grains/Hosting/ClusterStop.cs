namespace OrleansMqtt.Grains.Hosting;

/// <summary>Whether this silo leaves its cluster. A topic grain that begins here then would wait for others as long as the stop waits for it.</summary>
internal sealed class ClusterStop : IDisposable
{
    private readonly CancellationTokenSource _stopping = new();

    /// <summary>Cancelled when it leaves.</summary>
    public CancellationToken Token => _stopping.Token;

    /// <summary>It leaves.</summary>
    public void Begin() => _stopping.Cancel();

    /// <inheritdoc/>
    public void Dispose() => _stopping.Dispose();
}
