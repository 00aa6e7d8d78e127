using Orleans.Runtime;

namespace Orleans;

/// <summary>
/// Where reminders are kept. The bundled runtime relies on more than Orleans promises: <see cref="UpsertRow"/> with an ETag replaces that very row, so that nobody brings back what somebody else has removed.
/// </summary>
public interface IReminderTable
{
    /// <summary>Is called before everything else.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>A task that completes when the table can be used.</returns>
    Task StartAsync(CancellationToken cancellationToken = default) => Task.CompletedTask;

    /// <summary>The reminders of a grain.</summary>
    /// <param name="grainId">The grain.</param>
    /// <returns>The rows.</returns>
    Task<ReminderTableData> ReadRows(GrainId grainId);

    /// <summary>The reminders of the grains whose <see cref="GrainId.GetUniformHashCode"/> lies in a range of the ring; of all when both bounds are equal.</summary>
    /// <param name="begin">The lower bound, exclusive.</param>
    /// <param name="end">The upper bound, inclusive.</param>
    /// <returns>The rows.</returns>
    Task<ReminderTableData> ReadRows(uint begin, uint end);

    /// <summary>One reminder.</summary>
    /// <param name="grainId">The grain.</param>
    /// <param name="reminderName">Its name.</param>
    /// <returns>The row; null: there is none.</returns>
    Task<ReminderEntry?> ReadRow(GrainId grainId, string reminderName);

    /// <summary>Adds or replaces a reminder; one with an ETag only replaces the row that has it.</summary>
    /// <param name="entry">The row.</param>
    /// <returns>Its new ETag; null: no row has the ETag of the entry.</returns>
    Task<string?> UpsertRow(ReminderEntry entry);

    /// <summary>Removes a reminder.</summary>
    /// <param name="grainId">The grain.</param>
    /// <param name="reminderName">Its name.</param>
    /// <param name="eTag">The ETag that the row was read with.</param>
    /// <returns>Whether that row was there.</returns>
    Task<bool> RemoveRow(GrainId grainId, string reminderName, string eTag);

    /// <summary>Removes all. For tests.</summary>
    /// <returns>A task that completes when it is done.</returns>
    Task TestOnlyClearTable();

    /// <summary>Is called when no more follows.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>A task that completes then.</returns>
    Task StopAsync(CancellationToken cancellationToken = default) => Task.CompletedTask;
}
