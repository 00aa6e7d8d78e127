using OrleansMqtt.Gateways;

namespace OrleansMqtt.Grains.Gateways;

/// <summary>Waiting for gateways that may be paused.</summary>
internal static class GatewayAnswers
{
    /// <summary>Waits for a gateway's answer, but not for that of one that is gone: it serves nobody any more. False then.</summary>
    public static async Task<bool> AnswersAsync(this IGatewayDirectory directory, string gateway, Task call)
    {
        while (!call.IsCompleted)
        {
            await Task.WhenAny(call, directory.WhenMissing(gateway));
            if (!call.IsCompleted && await directory.FindAsync(gateway) is null) return false;
        }
        await call;
        return true;
    }
}
