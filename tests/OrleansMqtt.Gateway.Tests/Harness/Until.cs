namespace OrleansMqtt.Gateway.Tests.Harness;

/// <summary>Waits for what no event tells.</summary>
internal static class Until
{
    /// <summary>Returns when the condition holds; only a hang ends otherwise.</summary>
    public static async Task HoldsAsync(Func<bool> condition)
    {
        using var guard = new CancellationTokenSource(TestBroker.HangGuard);
        while (!condition())
        {
            guard.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }
}
