using System.Text.Json;
using Orleans.Storage;
using OrleansMqtt.Storage.Formats;
using OrleansMqtt.Storage.Redis.Connections;
using OrleansMqtt.Storage.Redis.Scripts;
using StackExchange.Redis;

namespace OrleansMqtt.Storage.Redis.GrainStates;

/// <summary>Grain states as JSON, where Microsoft.Orleans.Persistence.Redis keeps them: a hash for each, with <c>etag</c> and <c>data</c>.</summary>
internal sealed class RedisGrainStorage(RedisClient client, RedisQuarantine quarantine) : IGrainStorage
{
    public async Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var key = client.Keys.GrainState(grainId, stateName);
        var fields = ((RedisValue[])await client.ReadAsync(database => database.ExecuteAsync("HMGET", key, "etag", "data")))!;
        // That package leaves an ETag with empty data behind when it clears a state.
        if (fields[0].IsNull || fields[1].IsNullOrEmpty)
        {
            SetNone(grainState, fields[0]);
            return;
        }
        try
        {
            grainState.State = StateFormat.Decode<T>((byte[])fields[1]!);
            (grainState.ETag, grainState.RecordExists) = (fields[0], true);
        }
        catch (JsonException exception)
        {
            await quarantine.SetAsideAsync(key, "data", fields[1]!, exception.Message);
            await client.WriteAsync(GrainStateScripts.Clear, [key], [fields[0]]);
            SetNone(grainState, null);
        }
    }

    public async Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var etag = Guid.NewGuid().ToString("N");
        var data = StateFormat.Encode(grainState.State);
        var answer = await client.WriteAsync(GrainStateScripts.Write, [client.Keys.GrainState(grainId, stateName)], [grainState.ETag ?? "", etag, data], data.Length);
        if (answer.IsStale) throw Conflict(stateName, grainId, answer, grainState.ETag);
        (grainState.ETag, grainState.RecordExists) = (etag, true);
    }

    public async Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var answer = await client.WriteAsync(GrainStateScripts.Clear, [client.Keys.GrainState(grainId, stateName)], [grainState.ETag ?? ""]);
        // Gone, and this may be the second try: the first has done it.
        var isDone = answer.Repeated && answer.IsStale && (string)answer.Values[1]! == "";
        if (answer.IsStale && !isDone) throw Conflict(stateName, grainId, answer, grainState.ETag);
        SetNone(grainState, null);
    }

    private static void SetNone<T>(IGrainState<T> grainState, string? etag)
    {
        grainState.State = Activator.CreateInstance<T>();
        (grainState.ETag, grainState.RecordExists) = (etag, false);
    }

    private static InconsistentStateException Conflict(string stateName, GrainId grainId, RedisAnswer answer, string? etag) =>
        new($"State {stateName} of {grainId} was changed by somebody else.", (string)answer.Values[1]!, etag!);
}
