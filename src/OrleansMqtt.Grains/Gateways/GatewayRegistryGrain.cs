using Microsoft.Extensions.Logging;
using OrleansMqtt.Gateways;
using OrleansMqtt.Grains.Deadlines;
using OrleansMqtt.Grains.Leases;
using OrleansMqtt.Leases;
using OrleansMqtt.Storage;
using OrleansMqtt.Topics;

namespace OrleansMqtt.Grains.Gateways;

/// <inheritdoc cref="IGatewayRegistryGrain"/>
[Reentrant]
[KeepAlive]
internal sealed partial class GatewayRegistryGrain(
    ILeaseStore leases, IConnectionStore connections, TopicPartitions partitions, DeadlineShards deadlines, LeaseTimes times, TimeProvider time, ILogger<GatewayRegistryGrain> logger)
    : Grain, IGatewayRegistryGrain
{
    private const string Prefix = "gateway/";
    private readonly HashSet<string> _atWork = [];
    private Claim _claim = null!;
    private GatewayTable _table = null!;
    private RosterWatchers _watchers = null!;
    private long _claimedAt;
    private long? _roundAt;
    private bool _ended;
    private bool _inRound;

    /// <inheritdoc/>
    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _claimedAt = time.GetTimestamp();
        _claim = await Claim.TakeAsync(leases, "gateway-registry");
        _table = new GatewayTable(_claim.Epoch, times, time);
        _watchers = new RosterWatchers(() => _table.Roster, logger);
        foreach (var name in await leases.ReadAsync(Prefix)) _table.Expect(name.Name[Prefix.Length..], times.Round);
        await ExpectStrangersAsync();
        // Often enough that a lease that is over is noticed at once, compared with the lease.
        this.RegisterGrainTimer(TickAsync, new GrainTimerCreationOptions(TimeSpan.Zero, times.Gateway / 40) { Interleave = true, KeepAlive = true });
    }

    /// <inheritdoc/>
    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        _ended = true;
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task<bool> RegisterAsync(string name, IGatewayEndpoint endpoint)
    {
        await RequireClaimAsync();
        // In the store first: once it is answered, any registry knows the name.
        if (!_table.Contains(name) && await leases.AcquireAsync(Prefix + name, name, TimeSpan.FromDays(36_500)) is null) return false;
        var registered = _table.Register(name, endpoint);
        _watchers.Tell();
        if (registered) LogRegistered(logger, name);
        return registered;
    }

    /// <inheritdoc/>
    public async Task<bool> RenewAsync(string name, IGatewayEndpoint endpoint)
    {
        await RequireClaimAsync();
        var renewed = _table.Renew(name, endpoint);
        _watchers.Tell();
        return renewed;
    }

    /// <inheritdoc/>
    public async Task LeaveAsync(string name)
    {
        await RequireClaimAsync();
        if (!_table.TryEnd(name)) return;
        LogLeft(logger, name);
        _watchers.Tell();
        _ = EndAsync(name);
    }

    /// <inheritdoc/>
    public async Task<GatewayRoster> ReadAsync()
    {
        // Whoever is missing is held for gone: nobody may have registered with another registry. Asked anew, as what was true a moment ago is not enough here.
        if (!await HoldsClaimAsync()) throw new TopicMovedException("The registry has another activation.");
        return _table.Roster;
    }

    /// <inheritdoc/>
    public Task<GatewayRoster> WatchAsync(string silo, IGatewayWatcher watcher)
    {
        var roster = _table.Roster;
        _watchers.Add(silo, watcher, roster);
        return Task.FromResult(roster);
    }

    private async Task TickAsync()
    {
        // Beside it: nobody's lease is looked at late because a shard of deadlines can't be reached.
        if (!_inRound && (_roundAt is not { } last || time.GetElapsedTime(last) >= times.Round)) _ = RunRoundAsync();
        try
        {
            if (_table.HasExpired() && await HoldsClaimAsync())
            {
                foreach (var name in _table.TakeExpired())
                {
                    LogGone(logger, name);
                    _ = EndAsync(name);
                }
                _watchers.Tell();
            }
        }
#pragma warning disable CA1031 // The store does not answer, say: the next tick tries again.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            LogTickFailed(logger, exception);
        }
    }

    private async Task RunRoundAsync()
    {
        (_inRound, _roundAt) = (true, time.GetTimestamp());
        try
        {
            if (!await HoldsClaimAsync()) return;
            await ExpectStrangersAsync();
            // Nobody else calls those whose silo has died, and what is stored with them becomes due.
            await Task.WhenAll(deadlines.All.Select(static shard => shard.WakeAsync()));
        }
#pragma warning disable CA1031 // The store does not answer, say: the next round tries again.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            LogTickFailed(logger, exception);
        }
        finally
        {
            _inRound = false;
        }
    }

    // A CONNECT was under way when its gateway was declared gone: its connection came into the list when that had been gone through.
    private async Task ExpectStrangersAsync()
    {
        foreach (var name in await connections.ReadGatewaysAsync())
            if (!_table.Contains(name)) _table.Expect(name, times.Round);
    }

    private async Task EndAsync(string name)
    {
        if (!_atWork.Add(name)) return;
        var farewell = new GatewayFarewell(GrainFactory, connections, partitions, logger);
        while (!_ended && !await TryEndAsync(farewell, name)) await Task.Delay(times.Round, time);
        _atWork.Remove(name);
    }

    private async Task<bool> TryEndAsync(GatewayFarewell farewell, string name)
    {
        try
        {
            await farewell.CarryOutAsync(name);
            foreach (var lease in await leases.ReadAsync(Prefix + name))
                if (lease.Name == Prefix + name) await leases.ReleaseAsync(lease);
            _table.Forget(name);
            return true;
        }
#pragma warning disable CA1031 // Whatever could not be done is tried again.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            LogFarewellFailed(logger, exception, name);
            return false;
        }
    }

    private async Task<bool> HoldsClaimAsync()
    {
        var asked = time.GetTimestamp();
        if (await _claim.IsHeldAsync())
        {
            _claimedAt = Math.Max(_claimedAt, asked);
            return true;
        }
        LogReplaced(logger);
        DeactivateOnIdle();
        return false;
    }

    // Before a lease is given: whoever has taken over waits for those that are given without looking, and no longer.
    private async Task RequireClaimAsync()
    {
        if (time.GetElapsedTime(_claimedAt) < times.Round) return;
        try
        {
            if (!await HoldsClaimAsync()) throw new TopicMovedException("The registry has another activation.");
        }
        catch (IOException exception)
        {
            // The gateways need the store less than their leases.
            LogTickFailed(logger, exception);
        }
    }

    [LoggerMessage(1, LogLevel.Information, "Gateway {Gateway} is there.")]
    private static partial void LogRegistered(ILogger logger, string gateway);

    [LoggerMessage(2, LogLevel.Information, "Gateway {Gateway} has left.")]
    private static partial void LogLeft(ILogger logger, string gateway);

    [LoggerMessage(3, LogLevel.Warning, "Gateway {Gateway} is gone: its lease is over.")]
    private static partial void LogGone(ILogger logger, string gateway);

    [LoggerMessage(4, LogLevel.Error, "The registry of gateways could not look after everything; trying again.")]
    private static partial void LogTickFailed(ILogger logger, Exception exception);

    [LoggerMessage(5, LogLevel.Error, "Gateway {Gateway} is gone, and not everything that it leaves could be ended; trying again.")]
    private static partial void LogFarewellFailed(ILogger logger, Exception exception, string gateway);

    [LoggerMessage(6, LogLevel.Warning, "Another activation has taken over the registry of gateways.")]
    private static partial void LogReplaced(ILogger logger);
}
