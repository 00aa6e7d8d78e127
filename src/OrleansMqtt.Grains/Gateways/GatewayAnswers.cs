using OrleansMqtt.Gateways;

namespace OrleansMqtt.Grains.Gateways;

/// <summary>Waiting for gateways that may be paused.</summary>
internal static class GatewayAnswers
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(0.1);

    /// <summary>Waits for a gateway's answer, but not for that of one that is gone: it serves nobody any more. False then.</summary>
    public static async Task<bool> AnswersAsync(this IGatewayDirectory directory, string gateway, Task call, TimeProvider time)
    {
        while (true)
        {
            try
            {
                await call.WaitAsync(LookAgain, time);
                return true;
            }
            catch (TimeoutException) when (!call.IsCompleted)
            {
                if (await directory.FindAsync(gateway) is null) return false;
            }
        }
    }
}
