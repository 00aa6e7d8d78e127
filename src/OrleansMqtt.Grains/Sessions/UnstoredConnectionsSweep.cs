using Microsoft.Extensions.Logging;
using OrleansMqtt.Gateways;
using OrleansMqtt.Leases;
using OrleansMqtt.Sessions;

namespace OrleansMqtt.Grains.Sessions;

/// <summary>Ends the connections of <see cref="UnstoredConnections"/> whose gateway is gone: their grains would stay active for ever.</summary>
internal sealed partial class UnstoredConnectionsSweep(
    UnstoredConnections connections, IGatewayDirectory directory, IGrainFactory grains, LeaseTimes times, TimeProvider time, ILogger<UnstoredConnectionsSweep> logger) : IDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private Task _running = Task.CompletedTask;

    /// <summary>Begins.</summary>
    public void Start() => _running = RunAsync();

    /// <summary>Ends. What is left ends with the silo.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        await _running.WaitAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose() => _stopping.Dispose();

    private async Task RunAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            foreach (var gateway in connections.Gateways) await LookAfterAsync(gateway);
            await Task.Delay(times.Round, time, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task LookAfterAsync(string gateway)
    {
        try
        {
            if (await directory.FindAsync(gateway) is not null) return;
            foreach (var (clientId, epoch) in connections.Of(gateway))
            {
                await grains.GetGrain<ISessionGrain>(SessionKey.Of(clientId)).ConnectionLostAsync(epoch, gateway);
                connections.Remove(gateway, clientId, epoch);
            }
        }
#pragma warning disable CA1031 // The registry or a grain is not to be reached at present: it is tried again.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            LogFailed(logger, exception, gateway);
        }
    }

    [LoggerMessage(60, LogLevel.Warning, "It could not be found out whether gateway {Gateway} is gone, or not all of its clients' grains could be told; trying again.")]
    private static partial void LogFailed(ILogger logger, Exception exception, string gateway);
}
