using System.Collections.Immutable;
using OrleansMqtt.Leases;

namespace OrleansMqtt.Grains.Tests.Simulation;

/// <summary>A silo's part in the membership: its heartbeats, its view, and what it declares of others.</summary>
internal sealed class SimulatedFence : ISiloFence
{
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(0.25), Own = TimeSpan.FromSeconds(1.8), Others = TimeSpan.FromSeconds(2), LongestGap = TimeSpan.FromSeconds(1);
    private readonly Cluster _cluster;
    private readonly SimulatedMembership _membership;
    private readonly SimulatedSilo _silo;
    private readonly Dictionary<string, (long Heartbeat, long Since)> _watched = [];
    private readonly HashSet<string> _known = [];
    private TableReading _view;
    private TaskCompletionSource _changed = new();
    private long _end, _heartbeat, _latestReading;

    public SimulatedFence(Cluster cluster, SimulatedMembership membership, SimulatedSilo silo)
    {
        (_cluster, _membership, _silo, _view) = (cluster, membership, silo, membership.Table);
        _known.UnionWith(_view.Heartbeats.Keys);
        _end = Now + Own.Ticks;
        _ = LiveAsync();
    }

    public bool IsHeld => Now < _end;

    public ImmutableArray<string> Silos => [.. _view.Heartbeats.Keys.Order()];

    public Task Changed => _changed.Task;

    private long Now => _cluster.Time.GetTimestamp();

    /// <summary>What moves is told so by itself.</summary>
    public bool IsHome(GrainId grain) => true;

    public bool IsGone(string silo) => _known.Contains(silo) && !_view.Heartbeats.ContainsKey(silo);

    /// <summary>Takes in what was read.</summary>
    public void Apply(TableReading table)
    {
        if (table.Version <= _view.Version) return;
        _view = table;
        _known.UnionWith(table.Heartbeats.Keys);
        var changed = _changed;
        _changed = new TaskCompletionSource();
        changed.SetResult();
    }

    private async Task LiveAsync()
    {
        // The silo is in the list of silos by then.
        await Task.Yield();
        while (_silo.IsAlive)
        {
            _ = BeatAsync();
            await Task.Delay(Heartbeat, _cluster.Time);
        }
    }

    private async Task BeatAsync()
    {
        var sent = Now;
        try
        {
            var table = await _membership.BeatAsync(_silo, ++_heartbeat);
            if (!table.Heartbeats.ContainsKey(_silo.SiloAddress.ToString()))
            {
                if (_silo.IsAlive) _cluster.End(_silo);
                return;
            }
            Apply(table);
            _end = Math.Max(_end, sent + Own.Ticks);
            foreach (var (silo, heartbeat) in Expired(table, sent)) Apply(await _membership.DeclareDeadAsync(_silo, silo, heartbeat));
        }
        catch (Exception exception) when (exception is TimeoutException or SiloUnavailableException)
        {
            // The next one.
        }
    }

    private List<(string Silo, long Heartbeat)> Expired(TableReading table, long sent)
    {
        if (sent - _latestReading > LongestGap.Ticks) _watched.Clear();
        _latestReading = Now;
        var expired = new List<(string, long)>();
        foreach (var (silo, heartbeat) in table.Heartbeats.OrderBy(static row => row.Key, StringComparer.Ordinal))
        {
            if (!_watched.TryGetValue(silo, out var seen) || seen.Heartbeat < heartbeat) _watched[silo] = (heartbeat, Now);
            else if (seen.Heartbeat == heartbeat && sent - seen.Since > Others.Ticks) expired.Add((silo, heartbeat));
        }
        return expired;
    }
}
