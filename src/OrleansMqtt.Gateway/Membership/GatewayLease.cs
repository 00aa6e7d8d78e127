using Microsoft.Extensions.Logging;
using OrleansMqtt.Gateways;
using OrleansMqtt.Leases;

namespace OrleansMqtt.Gateway.Membership;

/// <summary>
/// This gateway's lease from the registry of its cluster: by a heartbeat. Without it, the gateway serves nobody: it has closed its clients, takes no others, and
/// registers under another name. See <see cref="IGatewayRegistryGrain"/>.
/// </summary>
/// <remarks>
/// The lease is counted from before the heartbeat was sent that was answered. It is looked at when something is read or delivered, not only by a timer: a process that was paused goes on
/// at any of its instructions. Several heartbeats may be under way, so that one that hangs keeps no other from being answered in time.
/// </remarks>
internal sealed partial class GatewayLease(IGrainFactory grains, GatewayIdentity identity, LeaseTimes times, TimeProvider time, ILogger<GatewayLease> logger) : IClusterPresence, IDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly TaskCompletionSource _registered = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _lock = new();
    private TaskCompletionSource _refused = new();
    private long _end = long.MinValue;
    private Task _running = Task.CompletedTask;
    private int _isOutOfReach;

    private IGatewayRegistryGrain Registry => grains.GetGrain<IGatewayRegistryGrain>(0);

    /// <summary>Whether the gateway may read from clients and deliver to them. Any thread.</summary>
    public bool IsInForce => time.GetTimestamp() < Volatile.Read(ref _end);

    /// <inheritdoc/>
    public bool IsPresent => IsInForce;

    /// <inheritdoc/>
    public string Description => IsInForce ? $"registered as {identity.Name}" : "waits for a silo of its cluster to register it";

    /// <summary>Registers, and keeps the lease from then on. Returns when it is registered.</summary>
    /// <param name="endpoint">Where grains reach the gateway.</param>
    /// <param name="over">Ends all clients, at once; called whenever the lease is over.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public Task StartAsync(IGatewayEndpoint endpoint, Action over, CancellationToken cancellationToken)
    {
        _running = RunAsync(endpoint, over);
        return _registered.Task.WaitAsync(cancellationToken);
    }

    /// <summary>Leaves. To be called when all clients have been ended.</summary>
    public async Task StopAsync()
    {
        await _stopping.CancelAsync();
        await _running;
        if (!IsInForce) return;
        End();
        try
        {
            await Registry.LeaveAsync(identity.Name);
        }
#pragma warning disable CA1031 // The lease ends by itself as well.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            LogNotReached(logger, exception);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _stopping.Dispose();

    private async Task RunAsync(IGatewayEndpoint endpoint, Action over)
    {
        while (await RegisterAsync(endpoint))
        {
            LogRegistered(logger, identity.Name);
            Volatile.Write(ref _isOutOfReach, 0);
            _registered.TrySetResult();
            if (!await KeepAsync(endpoint)) return;
            LogOver(logger, identity.Name);
            over();
            identity.Renew();
        }
        _registered.TrySetCanceled();
    }

    // False when the gateway stops.
    private async Task<bool> RegisterAsync(IGatewayEndpoint endpoint)
    {
        while (!_stopping.IsCancellationRequested)
        {
            var asked = time.GetTimestamp();
            try
            {
                if (await Registry.RegisterAsync(identity.Name, endpoint) && time.GetElapsedTime(asked) < times.Gateway) return Begin(asked);
            }
#pragma warning disable CA1031 // It is asked again.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                NoteNotReached(exception);
            }
            // Whether it took the name is not known, nor whether it holds it for gone by now; and who was gone once stays so for topic grains.
            identity.Renew();
            await RestAsync(times.Retry, Task.CompletedTask);
        }
        return false;
    }

    private bool Begin(long asked)
    {
        lock (_lock)
        {
            _refused = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            Volatile.Write(ref _end, EndOf(asked));
        }
        return true;
    }

    // True when the lease is over, false when the gateway stops.
    private async Task<bool> KeepAsync(IGatewayEndpoint endpoint)
    {
        var refused = _refused;
        while (IsInForce)
        {
            await RestAsync(TimeSpan.FromTicks(Math.Min(times.GatewayHeartbeat.Ticks, Remaining.Ticks)), refused.Task);
            if (_stopping.IsCancellationRequested) return false;
            if (refused.Task.IsCompleted) break;
            if (IsInForce) _ = BeatAsync(identity.Name, endpoint, refused);
        }
        End();
        return true;
    }

    private async Task BeatAsync(string name, IGatewayEndpoint endpoint, TaskCompletionSource refused)
    {
        var asked = time.GetTimestamp();
        try
        {
            if (await Registry.RenewAsync(name, endpoint)) Extend(asked, refused);
            else refused.TrySetResult();
            Volatile.Write(ref _isOutOfReach, 0);
        }
#pragma warning disable CA1031 // The next heartbeat may be answered.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            NoteNotReached(exception);
        }
    }

    // Once an outage, not with every try.
    private void NoteNotReached(Exception exception)
    {
        if (Interlocked.Exchange(ref _isOutOfReach, 1) == 0) LogNotReached(logger, exception);
    }

    // A lease that is over stays over; and an answer to a former name is none to this one.
    private void Extend(long asked, TaskCompletionSource refused)
    {
        lock (_lock)
        {
            if (refused == _refused && !refused.Task.IsCompleted && IsInForce) Volatile.Write(ref _end, Math.Max(_end, EndOf(asked)));
        }
    }

    private void End()
    {
        lock (_lock) Volatile.Write(ref _end, long.MinValue);
    }

    private TimeSpan Remaining => time.GetElapsedTime(time.GetTimestamp(), Volatile.Read(ref _end));

    private long EndOf(long asked) => asked + (long)(times.Gateway.TotalSeconds * time.TimestampFrequency);

    private async Task RestAsync(TimeSpan rest, Task unless)
    {
        if (rest <= TimeSpan.Zero) return;
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token);
        var delay = Task.Delay(rest, time, enough.Token);
        if (unless.IsCompleted) await delay.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        else await Task.WhenAny(delay, unless);
        enough.Cancel();
    }

    [LoggerMessage(400, LogLevel.Information, "Registered with the cluster as {Gateway}.")]
    private static partial void LogRegistered(ILogger logger, string gateway);

    [LoggerMessage(401, LogLevel.Error, "The lease of {Gateway} is over: all clients are closed, and it registers under another name.")]
    private static partial void LogOver(ILogger logger, string gateway);

    [LoggerMessage(402, LogLevel.Warning, "The registry of gateways could not be reached; trying again.")]
    private static partial void LogNotReached(ILogger logger, Exception exception);
}
