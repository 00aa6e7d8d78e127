using Orleans.Runtime;

namespace Orleans;

/// <summary>
/// The table in which a cluster's silos are written down. Changes are compare-and-swap: of several at the same version one succeeds.
/// The bundled runtime relies on more than Orleans promises: a heartbeat changes the row's ETag, so that nobody is declared dead on
/// the ground of an older one; it never sets <see cref="MembershipEntry.IAmAliveTime"/> back, and it changes no dead row.
/// </summary>
public interface IMembershipTable
{
    /// <summary>Is called before everything else.</summary>
    /// <param name="tryInitTableVersion">Whether to make the table if there is none.</param>
    /// <returns>A task that completes when the table can be used.</returns>
    Task InitializeMembershipTable(bool tryInitTableVersion);

    /// <summary>Deletes the table.</summary>
    /// <param name="clusterId">The cluster's name.</param>
    /// <returns>A task that completes when it is gone.</returns>
    Task DeleteMembershipTableEntries(string clusterId);

    /// <summary>Deletes dead silos' rows. The version stays.</summary>
    /// <param name="beforeDate">Those whose start and latest heartbeat are older.</param>
    /// <returns>A task that completes when it is done.</returns>
    Task CleanupDefunctSiloEntries(DateTimeOffset beforeDate);

    /// <summary>Reads a row and the version, in one.</summary>
    /// <param name="key">The silo.</param>
    /// <returns>The row, or none, and the version.</returns>
    Task<MembershipTableData> ReadRow(SiloAddress key);

    /// <summary>Reads all rows and the version, in one.</summary>
    /// <returns>All rows and the version.</returns>
    Task<MembershipTableData> ReadAll();

    /// <summary>Adds a row and counts the version up, in one.</summary>
    /// <param name="entry">The row.</param>
    /// <param name="tableVersion">The new version, with the ETag that the one before was read with.</param>
    /// <returns>Whether it was done: the row did not exist, and the table's version was that one.</returns>
    Task<bool> InsertRow(MembershipEntry entry, TableVersion tableVersion);

    /// <summary>Replaces a row and counts the version up, in one.</summary>
    /// <param name="entry">The row.</param>
    /// <param name="etag">The ETag that the row was read with.</param>
    /// <param name="tableVersion">The new version, with the ETag that the one before was read with.</param>
    /// <returns>Whether it was done: row and version were those that had been read.</returns>
    Task<bool> UpdateRow(MembershipEntry entry, string etag, TableVersion tableVersion);

    /// <summary>A heartbeat: takes over <see cref="MembershipEntry.IAmAliveTime"/>, and in the bundled runtime
    /// <see cref="MembershipEntry.UpdateZone"/>. The version stays.</summary>
    /// <param name="entry">The row; nothing else of it counts.</param>
    /// <returns>A task that completes when it is done, or when there is no such living row.</returns>
    Task UpdateIAmAlive(MembershipEntry entry);
}
