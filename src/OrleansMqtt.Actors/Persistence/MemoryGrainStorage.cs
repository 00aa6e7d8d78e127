using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using Orleans;
using Orleans.Runtime;
using Orleans.Storage;

namespace OrleansMqtt.Actors.Persistence;

/// <summary>Keeps states in the silo's memory, as JSON, so that what is stored shares nothing with what the grain goes on changing.</summary>
internal sealed class MemoryGrainStorage : IGrainStorage
{
    private static readonly JsonSerializerOptions Json = new() { IncludeFields = true };

    private readonly ConcurrentDictionary<(string, GrainId), Record> _records = new();
    private long _versions;

    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var found = _records.TryGetValue((stateName, grainId), out var record);
        grainState.State = found ? JsonSerializer.Deserialize<T>(record!.Json, Json) : Activator.CreateInstance<T>();
        grainState.ETag = record?.ETag;
        grainState.RecordExists = found;
        return Task.CompletedTask;
    }

    public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var key = (stateName, grainId);
        var written = new Record(
            JsonSerializer.SerializeToUtf8Bytes(grainState.State, Json),
            Interlocked.Increment(ref _versions).ToString(CultureInfo.InvariantCulture));
        var stored = StoredIfCurrent(key, grainState.ETag);
        if (stored is null ? !_records.TryAdd(key, written) : !_records.TryUpdate(key, written, stored))
        {
            throw Conflict(key, grainState.ETag);
        }

        grainState.ETag = written.ETag;
        grainState.RecordExists = true;
        return Task.CompletedTask;
    }

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var key = (stateName, grainId);
        if (StoredIfCurrent(key, grainState.ETag) is { } stored && !_records.TryRemove(new(key, stored)))
        {
            throw Conflict(key, grainState.ETag);
        }

        grainState.State = Activator.CreateInstance<T>();
        grainState.ETag = null;
        grainState.RecordExists = false;
        return Task.CompletedTask;
    }

    private Record? StoredIfCurrent((string, GrainId) key, string? etag)
    {
        var stored = _records.GetValueOrDefault(key);
        return stored?.ETag == etag ? stored : throw Conflict(key, etag);
    }

    private InconsistentStateException Conflict((string State, GrainId Grain) key, string? etag) =>
        new($"State {key.State} of {key.Grain} was changed by somebody else.", _records.GetValueOrDefault(key)?.ETag, etag);

    private sealed class Record(byte[] json, string etag)
    {
        public byte[] Json { get; } = json;

        public string ETag { get; } = etag;
    }
}
