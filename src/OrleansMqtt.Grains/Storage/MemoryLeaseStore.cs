using System.Collections.Immutable;
using OrleansMqtt.Storage;

namespace OrleansMqtt.Grains.Storage;

/// <summary>Leases of the `memory` store. A name's last lease stays, given back or not, so that its token goes on rising.</summary>
internal sealed class MemoryLeaseStore(TimeProvider time) : ILeaseStore
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, (Lease Lease, bool Held)> _leases = [];

    private long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    public ValueTask<Lease?> AcquireAsync(string name, string holder, TimeSpan duration, string data = "")
    {
        lock (_lock)
        {
            var known = _leases.TryGetValue(name, out var last);
            var own = known && last.Held && last.Lease.Holder == holder;
            if (known && !own && last.Held && last.Lease.ExpiresAt > Now) return new((Lease?)null);
            var token = own ? last.Lease.Token : known ? last.Lease.Token + 1 : 1;
            return new(Keep(new Lease(name, holder, token, Until(duration), data)));
        }
    }

    public ValueTask<TakenLease> TakeAsync(string name, string holder, TimeSpan duration)
    {
        lock (_lock)
        {
            var known = _leases.TryGetValue(name, out var last);
            var wasHeld = known && last.Held && last.Lease.ExpiresAt > Now;
            return new(new TakenLease(Keep(new Lease(name, holder, known ? last.Lease.Token + 1 : 1, Until(duration), "")), wasHeld));
        }
    }

    public ValueTask<Lease?> RenewAsync(Lease lease, TimeSpan duration)
    {
        lock (_lock) return new(IsHeld(lease, out var last) ? Keep(last with { ExpiresAt = Until(duration) }) : null);
    }

    public ValueTask ReleaseAsync(Lease lease)
    {
        lock (_lock)
            if (IsHeld(lease, out var last)) _leases[lease.Name] = (last, false);
        return default;
    }

    public ValueTask<ImmutableArray<Lease>> ReadAsync(string prefix)
    {
        lock (_lock)
            return new([.. _leases.Values.Where(l => l.Held && l.Lease.ExpiresAt > Now && l.Lease.Name.StartsWith(prefix, StringComparison.Ordinal))
                .Select(static l => l.Lease).OrderBy(static l => l.Name, StringComparer.Ordinal)]);
    }

    private long Until(TimeSpan duration) => Now + (long)duration.TotalMilliseconds;

    private bool IsHeld(Lease lease, out Lease last)
    {
        var known = _leases.TryGetValue(lease.Name, out var entry);
        last = entry.Lease;
        return known && entry.Held && last.Holder == lease.Holder && last.Token == lease.Token;
    }

    private Lease Keep(Lease lease)
    {
        _leases[lease.Name] = (lease, true);
        return lease;
    }
}
