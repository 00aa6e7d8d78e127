namespace OrleansMqtt.Gateway.Tests.Harness;

/// <summary>Waits for what no event tells.</summary>
internal static class Until
{
    private static readonly TimeSpan HangGuard = TimeSpan.FromSeconds(30);

    /// <summary>Returns when the condition holds; only a hang ends otherwise.</summary>
    public static async Task HoldsAsync(Func<bool> condition)
    {
        using var guard = new CancellationTokenSource(HangGuard);
        while (!condition())
        {
            guard.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }
}
