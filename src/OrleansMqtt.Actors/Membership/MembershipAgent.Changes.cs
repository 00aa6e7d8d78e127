using Orleans;
using Orleans.Runtime;

namespace OrleansMqtt.Actors.Membership;

internal sealed partial class MembershipAgent
{
    private enum TableChange
    {
        None,
        Done,
        Refused,
    }

    /// <summary>The one change of a row that a round makes; the ETags of a reading are good for one.</summary>
    private async Task<TableChange> ChangeAsync(MembershipTableData table, IReadOnlyList<Tuple<MembershipEntry, string>> expired)
    {
        if (table.TryGet(_self.Address) is not { } own)
        {
            return _target == SiloStatus.Active ? await EnterAsync(table).ConfigureAwait(false) : TableChange.None;
        }

        var (entry, etag) = own;
        if (entry.Status < _target)
        {
            return await UpdateAsync(entry.WithStatus(_target), etag, table).ConfigureAwait(false);
        }

        if (expired.Count > 0)
        {
            var (silo, seen) = expired[0];
            var change = await DeclareDeadAsync(silo, seen, table).ConfigureAwait(false);
            if (change == TableChange.Done)
            {
                MembershipLog.DeclaredDead(_logger, silo.SiloAddress);
            }

            return change;
        }

        await CleanUpAsync().ConfigureAwait(false);
        return TableChange.None;
    }

    private async Task<TableChange> EnterAsync(MembershipTableData table)
    {
        // Port 0: a silo that listens nowhere, of which a process may have several.
        var earlier = table.Members.FirstOrDefault(row => row.Item1.Status != SiloStatus.Dead
            && _self.Address.Endpoint.Port != 0
            && row.Item1.SiloAddress.Endpoint.Equals(_self.Address.Endpoint));
        if (earlier is null)
        {
            var now = _time.GetUtcNow().UtcDateTime;
            var entry = new MembershipEntry
            {
                SiloAddress = _self.Address, Status = SiloStatus.Joining, SiloName = _self.Name, HostName = _self.HostName, ProxyPort = _self.ProxyPort,
                RoleName = _self.Manifest,
                StartTime = now, IAmAliveTime = now,
            };
            return await BoundAsync(_table.InsertRow(entry, table.Version.Next())).ConfigureAwait(false) ? TableChange.Done : TableChange.Refused;
        }

        if (earlier.Item1.SiloAddress.Generation > _self.Address.Generation)
        {
            Fail($"A later run of this silo, {earlier.Item1.SiloAddress}, is in the membership table.");
            return TableChange.None;
        }

        var change = await DeclareDeadAsync(earlier.Item1, earlier.Item2, table).ConfigureAwait(false);
        if (change == TableChange.Done)
        {
            MembershipLog.EarlierRunDead(_logger, earlier.Item1.SiloAddress);
        }

        return change;
    }

    private Task<TableChange> DeclareDeadAsync(MembershipEntry silo, string etag, MembershipTableData table)
    {
        var dead = silo.WithStatus(SiloStatus.Dead);
        dead.AddSuspector(_self.Address, _time.GetUtcNow().UtcDateTime);
        return UpdateAsync(dead, etag, table);
    }

    private async Task<TableChange> UpdateAsync(MembershipEntry entry, string etag, MembershipTableData table) =>
        !_isEnded && await BoundAsync(_table.UpdateRow(entry, etag, table.Version.Next())).ConfigureAwait(false) ? TableChange.Done : TableChange.Refused;

    // One silo does it for all.
    private async Task CleanUpAsync()
    {
        if (_timing.CleanupPeriod is not { } period
            || _time.GetElapsedTime(_cleanedUp) < period
            || Current.Placement.Silos is not [var first, ..]
            || !first.Equals(_self.Address))
        {
            return;
        }

        _cleanedUp = _time.GetTimestamp();
        await BoundAsync(_table.CleanupDefunctSiloEntries(_time.GetUtcNow() - _timing.DefunctExpiration)).ConfigureAwait(false);
    }
}
