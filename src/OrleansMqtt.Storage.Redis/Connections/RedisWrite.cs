using OrleansMqtt.Storage.Redis.Scripts;
using StackExchange.Redis;

namespace OrleansMqtt.Storage.Redis.Connections;

/// <summary>A write on its way: a script call and its outcome.</summary>
internal sealed class RedisWrite(RedisScript script, RedisKey[] keys, RedisValue[] arguments, int size)
    // The waiting go on elsewhere: the pipeline has others to serve.
    : TaskCompletionSource<RedisResult>(TaskCreationOptions.RunContinuationsAsynchronously)
{
    /// <summary>Bytes of what it writes, about.</summary>
    public int Size => size;

    /// <summary>Whether an earlier try may have been carried out without its answer having come.</summary>
    public bool Repeated { get; set; }

    public Task<RedisResult> SendAsync(IDatabaseAsync database) => database.ScriptEvaluateAsync(script.Hash, keys, arguments);
}
