namespace OrleansMqtt.Gateway.Transports.Layers;

/// <summary>
/// Bounds how many handshakes compute at the same time. One that waits for its client takes no turn, so that clients which say nothing keep nobody from theirs. First come, first served.
/// </summary>
internal sealed class HandshakeTurns(int turns) : IDisposable
{
    private readonly SemaphoreSlim _turns = new(turns);

    /// <summary>As many as leave half of the processors to clients that are connected.</summary>
    public static int Default => Math.Max(1, Environment.ProcessorCount / 2);

    /// <summary>Waits for a turn. What follows runs on the thread pool, never on a thread that reads sockets.</summary>
    public async Task EnterAsync(CancellationToken cancellationToken)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        await _turns.WaitAsync(cancellationToken);
    }

    /// <summary>Ends it.</summary>
    public void Leave() => _turns.Release();

    /// <inheritdoc/>
    public void Dispose() => _turns.Dispose();
}
