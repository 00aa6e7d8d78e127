using Orleans;
using Orleans.Runtime;

namespace OrleansMqtt.Actors.Membership;

/// <summary>
/// Counts, on this machine's clock alone, how long the heartbeats of others have not changed. It counts from the end of the reading
/// that first saw a value to the beginning of the latest one, so never too much. After a gap in the readings, an outage of
/// the store or a pause of this process, it begins anew: nobody else could renew through the store either.
/// </summary>
internal sealed class LeaseObserver(SiloAddress self, MembershipTiming timing, TimeProvider time)
{
    private readonly Dictionary<SiloAddress, (DateTime Heartbeat, long Since)> _seen = [];
    private long? _latest;

    /// <summary>
    /// Whether, as of the latest reading, a silo is late with its heartbeat: it may soon be declared dead, and who reads often then knows it soon. One that is late for twice a lease is declared dead by
    /// nobody; there is no hurry any more.
    /// </summary>
    public bool IsAnyoneLate { get; private set; }

    /// <summary>Takes in a reading.</summary>
    /// <param name="table">All rows.</param>
    /// <param name="sent">The timestamp before it was sent.</param>
    /// <param name="received">The timestamp after its answer came.</param>
    /// <returns>The rows of those whose lease has run out, with their ETags.</returns>
    public IReadOnlyList<Tuple<MembershipEntry, string>> Observe(MembershipTableData table, long sent, long received)
    {
        if (_latest is { } latest && time.GetElapsedTime(latest, sent) > timing.LongestGap)
        {
            _seen.Clear();
        }

        _latest = received;
        IsAnyoneLate = false;
        var expired = new List<Tuple<MembershipEntry, string>>();
        var living = new HashSet<SiloAddress>();
        foreach (var row in table.Members)
        {
            var entry = row.Item1;
            if (entry.Status == SiloStatus.Dead || entry.SiloAddress.Equals(self))
            {
                continue;
            }

            living.Add(entry.SiloAddress);
            if (!_seen.TryGetValue(entry.SiloAddress, out var seen) || seen.Heartbeat != entry.IAmAliveTime)
            {
                _seen[entry.SiloAddress] = (entry.IAmAliveTime, received);
            }
            else
            {
                var unchanged = time.GetElapsedTime(seen.Since, sent);
                IsAnyoneLate |= unchanged > timing.LongestGap && unchanged < 2 * timing.LeaseDuration;
                if (unchanged > timing.LeaseDuration)
                {
                    expired.Add(row);
                }
            }
        }

        foreach (var silo in _seen.Keys)
        {
            if (!living.Contains(silo))
            {
                _seen.Remove(silo);
            }
        }

        return expired;
    }
}
