using OrleansMqtt.Gateways;
using OrleansMqtt.Leases;
using OrleansMqtt.Topics;

namespace OrleansMqtt.Grains.Gateways;

/// <summary>The registry's gateways and their leases. Without I/O; used in the turns of the registry only.</summary>
/// <param name="epoch">Of the registry's activation; stands above the number of changes in the rosters' version.</param>
/// <param name="times">How long a lease is.</param>
/// <param name="time">The registry's clock.</param>
internal sealed class GatewayTable(long epoch, LeaseTimes times, TimeProvider time)
{
    private readonly Dictionary<string, Entry> _gateways = [];
    private GatewayRoster? _roster;
    private long _changes;

    private sealed class Entry
    {
        public IGatewayEndpoint? Endpoint { get; set; }

        public long End { get; set; }

        public bool IsGone { get; set; }
    }

    /// <summary>The gateways that are not gone.</summary>
    public GatewayRoster Roster => _roster ??= new GatewayRoster(
        RouteVersion.First(epoch) + _changes, [.. _gateways.Where(static g => !g.Value.IsGone).Select(static g => new GatewayEntry(g.Key, g.Value.Endpoint))]);

    /// <summary>Whether the name is here, gone or not.</summary>
    public bool Contains(string name) => _gateways.ContainsKey(name);

    /// <summary>A gateway that somebody else may have given a lease at any time until <paramref name="more"/> from now.</summary>
    public void Expect(string name, TimeSpan more)
    {
        if (_gateways.TryAdd(name, new Entry { End = EndOfLease(more) })) Changed();
    }

    /// <summary>A gateway registers, or has registered before. False when it is gone.</summary>
    public bool Register(string name, IGatewayEndpoint endpoint)
    {
        Expect(name, TimeSpan.Zero);
        return Renew(name, endpoint);
    }

    /// <summary>A heartbeat. False when the gateway is gone or not known.</summary>
    public bool Renew(string name, IGatewayEndpoint endpoint)
    {
        if (!_gateways.TryGetValue(name, out var entry) || entry.IsGone) return false;
        entry.End = Math.Max(entry.End, EndOfLease(TimeSpan.Zero));
        if (Equals(entry.Endpoint, endpoint)) return true;
        entry.Endpoint = endpoint;
        Changed();
        return true;
    }

    /// <summary>Whether a lease is over that has not been noticed.</summary>
    public bool HasExpired() => _gateways.Values.Any(IsOver);

    /// <summary>Declares those gone whose leases are over.</summary>
    public List<string> TakeExpired()
    {
        List<string> gone = [.. _gateways.Where(gateway => IsOver(gateway.Value)).Select(static gateway => gateway.Key)];
        gone.ForEach(name => TryEnd(name));
        return gone;
    }

    /// <summary>Declares a gateway gone; false when it is already, or not known.</summary>
    public bool TryEnd(string name)
    {
        if (!_gateways.TryGetValue(name, out var entry) || entry.IsGone) return false;
        entry.IsGone = true;
        Changed();
        return true;
    }

    /// <summary>Everything has been done for a gateway that is gone.</summary>
    public void Forget(string name) => _gateways.Remove(name);

    private bool IsOver(Entry entry) => !entry.IsGone && entry.End <= time.GetTimestamp();

    private long EndOfLease(TimeSpan more) => time.GetTimestamp() + (long)((LeaseTimes.WithMargin(times.Gateway) + more).TotalSeconds * time.TimestampFrequency);

    private void Changed()
    {
        _roster = null;
        _changes++;
    }
}
