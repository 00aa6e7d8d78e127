namespace OrleansMqtt.AppHost.Local.Readiness;

/// <summary>For programs that say so.</summary>
/// <param name="text">What the line contains.</param>
internal sealed class LineProbe(string text) : IReadinessProbe
{
    private readonly TaskCompletionSource _said = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <inheritdoc/>
    public void Observe(string line)
    {
        if (line.Contains(text, StringComparison.Ordinal)) _said.TrySetResult();
    }

    /// <inheritdoc/>
    public Task WaitAsync(CancellationToken cancellation) => _said.Task.WaitAsync(cancellation);
}
