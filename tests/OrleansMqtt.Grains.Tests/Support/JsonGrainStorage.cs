using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using Orleans.Storage;

namespace OrleansMqtt.Grains.Tests.Support;

/// <summary>Documents that outlive the silo that wrote them.</summary>
internal sealed class JsonGrainStorage : IGrainStorage
{
    private readonly ConcurrentDictionary<GrainId, (byte[] Json, string ETag)> _documents = new();
    private long _versions;

    /// <summary>How many there are.</summary>
    public int Count => _documents.Count;

    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        grainState.RecordExists = _documents.TryGetValue(grainId, out var document);
        grainState.State = grainState.RecordExists ? JsonSerializer.Deserialize<T>(document.Json)! : Activator.CreateInstance<T>();
        grainState.ETag = grainState.RecordExists ? document.ETag : null!;
        return Task.CompletedTask;
    }

    public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        RefuseStale(grainId, grainState.ETag);
        grainState.ETag = Interlocked.Increment(ref _versions).ToString(CultureInfo.InvariantCulture);
        grainState.RecordExists = true;
        _documents[grainId] = (JsonSerializer.SerializeToUtf8Bytes(grainState.State), grainState.ETag);
        return Task.CompletedTask;
    }

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        RefuseStale(grainId, grainState.ETag);
        _documents.TryRemove(grainId, out _);
        (grainState.State, grainState.ETag, grainState.RecordExists) = (Activator.CreateInstance<T>(), null!, false);
        return Task.CompletedTask;
    }

    private void RefuseStale(GrainId grainId, string? etag)
    {
        var stored = _documents.TryGetValue(grainId, out var document) ? document.ETag : null;
        if (stored != etag) throw new InconsistentStateException($"{grainId} was changed by somebody else.", stored, etag);
    }
}
