using System.Text;
using Microsoft.Extensions.Logging;
using OrleansMqtt.Storage.Redis.Scripts;
using StackExchange.Redis;

namespace OrleansMqtt.Storage.Redis.Connections;

/// <summary>Where records go that cannot be read, so that the rest is served. It is kept until somebody looks into it.</summary>
internal sealed class RedisQuarantine(RedisClient client, ILogger logger)
{
    /// <summary>Copies a record to the quarantine; removing it from its place is the caller's next step. After a crash between the two it may be there twice.</summary>
    public async Task SetAsideAsync(RedisKey key, RedisValue field, byte[] value, string reason)
    {
        byte[] record = [.. Encoding.UTF8.GetBytes($"{key} "), .. (byte[])field!, (byte)'\n', .. value];
        await client.WriteAsync(HashScripts.SetAside, [client.Keys.Quarantine], [record], record.Length);
        RedisLog.LogSetAside(logger, key.ToString(), field.ToString(), client.Keys.Quarantine.ToString(), reason);
    }
}
