using Orleans;
using Orleans.Runtime;
using Orleans.Storage;

namespace OrleansMqtt.Actors.Reminders;

/// <summary>
/// Reminders in a grain storage, whichever it is: the ring is divided into parts, and those of each part are one document. Changes are compare-and-swap on the document, so silos may change the same one.
/// </summary>
/// <param name="find">Finds the storage, when it is needed.</param>
internal sealed class StorageReminderTable(Func<IGrainStorage> find) : IReminderTable
{
    /// <summary>The type of the identities under which the documents are stored.</summary>
    public static readonly GrainType DocumentType = GrainType.Create("sys.reminders");

    /// <summary>How many parts the ring has. It may not change: the documents would not be found.</summary>
    public const int Parts = 256;

    private const string StateName = "reminders";
    private const int PartShift = 24;
    // So many at once ask for one document, at most: one of them is always first.
    private const int MaximumTries = 100;

    private readonly Lazy<IGrainStorage> _storage = new(find);
    private readonly SemaphoreSlim[] _locks = [.. Enumerable.Range(0, Parts).Select(static _ => new SemaphoreSlim(1))];

    /// <inheritdoc/>
    public async Task<ReminderTableData> ReadRows(GrainId grainId)
    {
        var rows = (await ReadAsync(PartOf(grainId)).ConfigureAwait(false)).State!.Reminders;
        return new(rows.Where(row => row.Grain == grainId.ToString()).Select(ToEntry));
    }

    /// <inheritdoc/>
    public async Task<ReminderTableData> ReadRows(uint begin, uint end)
    {
        var found = new List<ReminderEntry>();
        foreach (var parts in Enumerable.Range(0, Parts).Where(part => Meets(part, begin, end)).Chunk(16))
        {
            var documents = await Task.WhenAll(parts.Select(ReadAsync)).ConfigureAwait(false);
            found.AddRange(documents.SelectMany(static document => document.State!.Reminders).Select(ToEntry).Where(entry => IsWithin(entry.GrainId.GetUniformHashCode(), begin, end)));
        }

        return new(found);
    }

    /// <inheritdoc/>
    public async Task<ReminderEntry?> ReadRow(GrainId grainId, string reminderName) =>
        (await ReadRows(grainId).ConfigureAwait(false)).Reminders.FirstOrDefault(entry => entry.ReminderName == reminderName);

    /// <inheritdoc/>
    public async Task<string?> UpsertRow(ReminderEntry entry)
    {
        var row = new StoredReminder
        {
            Grain = entry.GrainId.ToString(), Name = entry.ReminderName, StartAt = entry.StartAt.Ticks, Period = entry.Period.Ticks, ETag = Guid.NewGuid().ToString("N"),
        };
        var isDone = await ChangeAsync(PartOf(entry.GrainId), rows =>
        {
            var at = rows.FindIndex(other => other.Grain == row.Grain && other.Name == row.Name);
            if (entry.ETag is not null && (at < 0 || rows[at].ETag != entry.ETag)) return false;
            if (at < 0) rows.Add(row);
            else rows[at] = row;
            return true;
        }).ConfigureAwait(false);
        return isDone ? row.ETag : null;
    }

    /// <inheritdoc/>
    public Task<bool> RemoveRow(GrainId grainId, string reminderName, string eTag) =>
        ChangeAsync(PartOf(grainId), rows => rows.RemoveAll(row => row.Grain == grainId.ToString() && row.Name == reminderName && row.ETag == eTag) > 0);

    /// <inheritdoc/>
    public Task TestOnlyClearTable() => Task.WhenAll(Enumerable.Range(0, Parts).Select(part => ChangeAsync(part, static rows => rows.RemoveAll(static _ => true) > 0)));

    private static int PartOf(GrainId grain) => (int)(grain.GetUniformHashCode() >> PartShift);

    private static bool IsWithin(uint hash, uint begin, uint end) => begin < end ? hash > begin && hash <= end : hash > begin || hash <= end;

    private static bool Meets(int part, uint begin, uint end)
    {
        var (first, last) = ((uint)part << PartShift, ((uint)part << PartShift) | ((1u << PartShift) - 1));
        return begin < end ? last > begin && first <= end : last > begin || first <= end;
    }

    private static ReminderEntry ToEntry(StoredReminder row) => new()
    {
        GrainId = GrainId.Parse(row.Grain), ReminderName = row.Name, StartAt = new DateTime(row.StartAt, DateTimeKind.Utc), Period = new TimeSpan(row.Period), ETag = row.ETag,
    };

    private static GrainId DocumentOf(int part) => GrainId.Create(DocumentType, part.ToString("x2", System.Globalization.CultureInfo.InvariantCulture));

    private async Task<GrainState<StoredReminders>> ReadAsync(int part)
    {
        var document = new GrainState<StoredReminders>(new());
        await _storage.Value.ReadStateAsync(StateName, DocumentOf(part), document).ConfigureAwait(false);
        document.State ??= new();
        return document;
    }

    // False: there was nothing to change.
    private async Task<bool> ChangeAsync(int part, Func<List<StoredReminder>, bool> change)
    {
        await _locks[part].WaitAsync().ConfigureAwait(false);
        try
        {
            for (var tries = 1; ; tries++)
            {
                var document = await ReadAsync(part).ConfigureAwait(false);
                if (!change(document.State!.Reminders)) return false;
                try
                {
                    await _storage.Value.WriteStateAsync(StateName, DocumentOf(part), document).ConfigureAwait(false);
                    return true;
                }
                catch (InconsistentStateException) when (tries < MaximumTries)
                {
                    // Another silo was first.
                }
            }
        }
        finally
        {
            _locks[part].Release();
        }
    }
}
