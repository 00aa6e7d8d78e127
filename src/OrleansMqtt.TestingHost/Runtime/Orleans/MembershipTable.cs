using System.Globalization;
using Orleans.Messaging;

namespace OrleansMqtt.TestingHost.Runtime;

/// <summary>A cluster's membership table, in memory, for silos and clients alike.</summary>
internal sealed class MembershipTable : IMembershipTable, IGatewayListProvider
{
    private readonly Lock _lock = new();
    private readonly Dictionary<SiloAddress, (MembershipEntry Entry, string ETag)> _rows = [];
    private TableVersion _version = new(0, "0");
    private long _writes;

    /// <inheritdoc/>
    public TimeSpan MaxStaleness => TimeSpan.Zero;

    /// <inheritdoc/>
    public bool IsUpdatable => true;

    /// <summary>The silos that live, as far as is written here.</summary>
    public IReadOnlyList<SiloAddress> Active
    {
        get
        {
            lock (_lock) return [.. ActiveRows.Select(static entry => entry.SiloAddress)];
        }
    }

    private IEnumerable<MembershipEntry> ActiveRows => _rows.Values.Select(static row => row.Entry).Where(static entry => entry.Status == SiloStatus.Active);

    /// <inheritdoc/>
    public Task InitializeMembershipTable(bool tryInitTableVersion) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task InitializeGatewayListProvider() => Task.CompletedTask;

    /// <inheritdoc/>
    public Task<IList<Uri>> GetGateways()
    {
        lock (_lock) return Task.FromResult<IList<Uri>>([.. ActiveRows.Select(static entry => SiloAddress.New(entry.SiloAddress.Endpoint.Address, entry.ProxyPort, entry.SiloAddress.Generation).ToGatewayUri())]);
    }

    /// <inheritdoc/>
    public Task<MembershipTableData> ReadRow(SiloAddress key)
    {
        lock (_lock) return Task.FromResult(_rows.TryGetValue(key, out var row) ? new MembershipTableData(Copy(row), _version) : new MembershipTableData(_version));
    }

    /// <inheritdoc/>
    public Task<MembershipTableData> ReadAll()
    {
        lock (_lock) return Task.FromResult(new MembershipTableData([.. _rows.Values.Select(Copy)], _version));
    }

    /// <inheritdoc/>
    public Task<bool> InsertRow(MembershipEntry entry, TableVersion tableVersion)
    {
        lock (_lock) return Task.FromResult(!_rows.ContainsKey(entry.SiloAddress) && TryWrite(entry, tableVersion));
    }

    /// <inheritdoc/>
    public Task<bool> UpdateRow(MembershipEntry entry, string etag, TableVersion tableVersion)
    {
        lock (_lock) return Task.FromResult(_rows.TryGetValue(entry.SiloAddress, out var row) && row.ETag == etag && TryWrite(entry, tableVersion));
    }

    /// <inheritdoc/>
    public Task UpdateIAmAlive(MembershipEntry entry)
    {
        lock (_lock)
        {
            if (_rows.TryGetValue(entry.SiloAddress, out var row)) row.Entry.IAmAliveTime = entry.IAmAliveTime;
        }
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task CleanupDefunctSiloEntries(DateTimeOffset beforeDate)
    {
        lock (_lock)
        {
            foreach (var (silo, (entry, _)) in _rows)
                if (entry.Status == SiloStatus.Dead && entry.IAmAliveTime < beforeDate.UtcDateTime) _rows.Remove(silo);
        }
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task DeleteMembershipTableEntries(string clusterId)
    {
        lock (_lock) _rows.Clear();
        return Task.CompletedTask;
    }

    private bool TryWrite(MembershipEntry entry, TableVersion version)
    {
        if (_version.VersionEtag != version.VersionEtag) return false;
        _rows[entry.SiloAddress] = (Copy(entry), NewETag());
        _version = new TableVersion(version.Version, NewETag());
        return true;
    }

    private string NewETag() => (++_writes).ToString(CultureInfo.InvariantCulture);

    // Silos go on changing what they have given and got.
    private static Tuple<MembershipEntry, string> Copy((MembershipEntry Entry, string ETag) row) => Tuple.Create(Copy(row.Entry), row.ETag);

    private static MembershipEntry Copy(MembershipEntry entry) => new()
    {
        SiloAddress = entry.SiloAddress,
        Status = entry.Status,
        ProxyPort = entry.ProxyPort,
        HostName = entry.HostName,
        SiloName = entry.SiloName,
        RoleName = entry.RoleName,
        UpdateZone = entry.UpdateZone,
        FaultZone = entry.FaultZone,
        StartTime = entry.StartTime,
        IAmAliveTime = entry.IAmAliveTime,
        SuspectTimes = entry.SuspectTimes is { } suspects ? [.. suspects] : null,
    };
}
