using Microsoft.Extensions.Logging;
using OrleansMqtt.Gateways;

namespace OrleansMqtt.Grains.Gateways;

/// <summary>The silos that are told each roster: one call under way for each, always with the latest. Used in the turns of the registry only.</summary>
internal sealed partial class RosterWatchers(Func<GatewayRoster> roster, ILogger logger)
{
    private readonly Dictionary<string, Watcher> _watchers = [];

    private sealed class Watcher(IGatewayWatcher target)
    {
        public IGatewayWatcher Target => target;

        public long Told { get; set; }

        public bool IsBusy { get; set; }
    }

    /// <summary>A silo watches from now on; it is answered with this roster.</summary>
    public void Add(string silo, IGatewayWatcher watcher, GatewayRoster answer)
    {
        if (!_watchers.TryGetValue(silo, out var known) || !known.Target.Equals(watcher)) _watchers[silo] = known = new Watcher(watcher);
        known.Told = Math.Max(known.Told, answer.Version);
    }

    /// <summary>The roster may be another one.</summary>
    public void Tell()
    {
        foreach (var (silo, watcher) in _watchers)
            if (!watcher.IsBusy && watcher.Told != roster().Version) _ = TellAsync(silo, watcher);
    }

    private async Task TellAsync(string silo, Watcher watcher)
    {
        watcher.IsBusy = true;
        try
        {
            while (roster() is { } latest && watcher.Told < latest.Version)
            {
                await watcher.Target.ChangedAsync(latest);
                watcher.Told = latest.Version;
            }
        }
#pragma warning disable CA1031 // It asks by itself as well; and one that is dead is told no more.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            LogNotTold(logger, exception, silo);
            _watchers.Remove(silo);
        }
        watcher.IsBusy = false;
    }

    [LoggerMessage(20, LogLevel.Information, "Silo {Silo} could not be told which gateways there are; it is told again when it asks.")]
    private static partial void LogNotTold(ILogger logger, Exception exception, string silo);
}
