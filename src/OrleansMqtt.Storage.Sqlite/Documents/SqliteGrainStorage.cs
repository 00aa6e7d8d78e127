using System.Text.Json;
using OrleansMqtt.Storage.Formats;
using OrleansMqtt.Storage.Sqlite.Engine;

namespace OrleansMqtt.Storage.Sqlite.Documents;

/// <summary>Grain states as JSON, public properties and fields: users' grains keep what they like in them. They are small; what is large goes through the ports.</summary>
/// <param name="store">The open store.</param>
internal sealed class SqliteGrainStorage(SqliteStore store) : IGrainStorage
{
    private readonly record struct Stored<T>(T? State, string? ETag);

    public async Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var grain = grainId.ToString();
        var stored = (await store.ReadRecordsAsync<Stored<T>>((database, page) =>
        {
            var select = database.Statement("SELECT id, etag, body FROM state WHERE name = ?1 AND grain = ?2").Bind(1, stateName).Bind(2, grain);
            while (select.Step())
            {
                var body = select.Blob(2);
                try
                {
                    page.Add(new Stored<T>(StateFormat.Decode<T>(body), select.Text(1)));
                }
                catch (JsonException reason)
                {
                    page.AddDamaged("state", select.Int64(0), $"{stateName} of {grain}", body, reason);
                }
            }
        })).FirstOrDefault();
        grainState.State = stored.ETag is null ? Activator.CreateInstance<T>() : stored.State;
        grainState.ETag = stored.ETag;
        grainState.RecordExists = stored.ETag is not null;
    }

    public async Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var grain = grainId.ToString();
        var body = StateFormat.Encode(grainState.State);
        // Never one that was there before, though the state was cleared meanwhile.
        var (expected, etag) = (grainState.ETag, Guid.NewGuid().ToString("N"));
        await store.WriteAsync(
            context =>
            {
                RefuseStale(context.Database, stateName, grain, expected);
                return context.Database
                    .Statement("INSERT INTO state (name, grain, etag, body) VALUES (?1, ?2, ?3, ?4) ON CONFLICT (name, grain) DO UPDATE SET etag = excluded.etag, body = excluded.body")
                    .Bind(1, stateName).Bind(2, grain).Bind(3, etag).Bind(4, body.AsSpan()).RunCount();
            },
            body.Length);
        grainState.ETag = etag;
        grainState.RecordExists = true;
    }

    public async Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var grain = grainId.ToString();
        var expected = grainState.ETag;
        await store.WriteAsync(context =>
        {
            RefuseStale(context.Database, stateName, grain, expected);
            return context.Database.Statement("DELETE FROM state WHERE name = ?1 AND grain = ?2").Bind(1, stateName).Bind(2, grain).RunCount();
        });
        grainState.State = Activator.CreateInstance<T>();
        grainState.ETag = null;
        grainState.RecordExists = false;
    }

    private static void RefuseStale(SqliteDatabase database, string name, string grain, string? expected)
    {
        var select = database.Statement("SELECT etag FROM state WHERE name = ?1 AND grain = ?2").Bind(1, name).Bind(2, grain);
        var stored = select.Step() ? select.Text(0) : null;
        select.Reset();
        if (stored != expected) throw new InconsistentStateException($"State {name} of {grain} was changed by somebody else.", stored, expected);
    }
}
