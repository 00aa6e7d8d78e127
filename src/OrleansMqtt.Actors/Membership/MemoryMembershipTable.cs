using System.Globalization;
using Orleans;
using Orleans.Runtime;

namespace OrleansMqtt.Actors.Membership;

/// <summary>A table for the silos of one process.</summary>
internal sealed class MemoryMembershipTable : IMembershipTable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<SiloAddress, Row> _rows = [];
    private int _version;
    private long _writes;

    public Task InitializeMembershipTable(bool tryInitTableVersion) => Task.CompletedTask;

    public Task DeleteMembershipTableEntries(string clusterId)
    {
        lock (_lock)
        {
            _rows.Clear();
            _version = 0;
        }

        return Task.CompletedTask;
    }

    public Task CleanupDefunctSiloEntries(DateTimeOffset beforeDate)
    {
        lock (_lock)
        {
            foreach (var (silo, row) in _rows)
            {
                var latest = row.Entry.StartTime > row.Entry.IAmAliveTime ? row.Entry.StartTime : row.Entry.IAmAliveTime;
                if (row.Entry.Status == SiloStatus.Dead && latest < beforeDate.UtcDateTime)
                {
                    _rows.Remove(silo);
                }
            }
        }

        return Task.CompletedTask;
    }

    public Task<MembershipTableData> ReadRow(SiloAddress key)
    {
        lock (_lock)
        {
            return Task.FromResult(_rows.TryGetValue(key, out var row)
                ? new MembershipTableData(Tuple.Create(row.Entry.Copy(), row.ETag), Version)
                : new MembershipTableData(Version));
        }
    }

    public Task<MembershipTableData> ReadAll()
    {
        lock (_lock)
        {
            return Task.FromResult(new MembershipTableData([.. _rows.Values.Select(static row => Tuple.Create(row.Entry.Copy(), row.ETag))], Version));
        }
    }

    public Task<bool> InsertRow(MembershipEntry entry, TableVersion tableVersion)
    {
        lock (_lock)
        {
            return Task.FromResult(!_rows.ContainsKey(entry.SiloAddress) && TryWrite(entry, tableVersion));
        }
    }

    public Task<bool> UpdateRow(MembershipEntry entry, string etag, TableVersion tableVersion)
    {
        lock (_lock)
        {
            return Task.FromResult(_rows.TryGetValue(entry.SiloAddress, out var row) && row.ETag == etag && TryWrite(entry, tableVersion));
        }
    }

    public Task UpdateIAmAlive(MembershipEntry entry)
    {
        lock (_lock)
        {
            if (_rows.TryGetValue(entry.SiloAddress, out var row) && row.Entry.Status != SiloStatus.Dead && row.Entry.IAmAliveTime < entry.IAmAliveTime)
            {
                var updated = row.Entry.Copy();
                (updated.IAmAliveTime, updated.UpdateZone) = (entry.IAmAliveTime, entry.UpdateZone);
                _rows[entry.SiloAddress] = new Row(updated, NextETag());
            }
        }

        return Task.CompletedTask;
    }

    private TableVersion Version => new(_version, _version.ToString(CultureInfo.InvariantCulture));

    private bool TryWrite(MembershipEntry entry, TableVersion next)
    {
        if (next.Version != _version + 1 || next.VersionEtag != Version.VersionEtag)
        {
            return false;
        }

        _rows[entry.SiloAddress] = new Row(entry.Copy(), NextETag());
        _version = next.Version;
        return true;
    }

    private string NextETag() => (++_writes).ToString(CultureInfo.InvariantCulture);

    private sealed record Row(MembershipEntry Entry, string ETag);
}
