namespace OrleansMqtt.TestingHost.Clocks;

/// <summary>Waits for what nobody tells.</summary>
internal static class Waiting
{
    private static readonly TimeSpan Rest = TimeSpan.FromMilliseconds(5);

    /// <summary>Asks until nothing is missing.</summary>
    /// <param name="missing">What is missing, one sentence; null when nothing is.</param>
    /// <param name="limit">How long, by the real clock.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="TimeoutException">The limit has passed; says what is missing.</exception>
    public static async Task UntilAsync(Func<Task<string?>> missing, TimeSpan limit, CancellationToken cancellationToken)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (await missing() is { } sentence)
        {
            if (TimeProvider.System.GetElapsedTime(began) > limit) throw new TimeoutException($"After {limit.TotalSeconds} s: {sentence}");
            await Task.Delay(Rest, TimeProvider.System, cancellationToken);
        }
    }
}
