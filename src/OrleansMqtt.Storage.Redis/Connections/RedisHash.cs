using OrleansMqtt.Storage.Redis.Scripts;
using StackExchange.Redis;

namespace OrleansMqtt.Storage.Redis.Connections;

/// <summary>Hashes of records.</summary>
internal sealed class RedisHash(RedisClient client, RedisQuarantine quarantine)
{
    // Of the largest messages a page is still some ten megabytes.
    private const int PageSize = 64;

    /// <summary>All records of a hash, page by page. What <paramref name="decode"/> refuses with <see cref="InvalidDataException"/> is set aside.</summary>
    public async IAsyncEnumerable<T> LoadAsync<T>(RedisKey key, Func<RedisValue, byte[], T> decode)
    {
        // While a hash changes its size Redis may answer a field twice.
        var seen = new HashSet<RedisValue>();
        RedisValue cursor = 0;
        do
        {
            var page = ((RedisResult[])await client.ReadAsync(database => database.ExecuteAsync("HSCAN", key, cursor, "COUNT", PageSize)))!;
            cursor = (RedisValue)page[0];
            var records = (RedisValue[])page[1]!;
            for (var i = 0; i < records.Length; i += 2)
            {
                if (!seen.Add(records[i])) continue;
                var (decoded, record) = await TryDecodeAsync(key, records[i], records[i + 1], decode);
                if (decoded) yield return record!;
            }
        }
        while (cursor != 0);
    }

    /// <summary>Sets and removes fields in one write, the last word on each field.</summary>
    public async Task ApplyAsync(RedisKey key, IReadOnlyDictionary<RedisValue, RedisValue> changes)
    {
        if (changes.Count == 0) return;
        var arguments = new List<RedisValue>(changes.Count * 2 + 1) { 0 };
        var size = 0;
        foreach (var (field, value) in changes)
        {
            if (value.IsNull) continue;
            arguments.Add(field);
            arguments.Add(value);
            size += ((byte[])value!).Length;
        }
        arguments[0] = arguments.Count / 2;
        foreach (var (field, value) in changes)
            if (value.IsNull) arguments.Add(field);
        await client.WriteAsync(HashScripts.Apply, [key], [.. arguments], size);
    }

    /// <summary>Removes a field if it has this very value.</summary>
    public Task RemoveExactAsync(RedisKey key, RedisValue field, RedisValue value) => client.WriteAsync(HashScripts.RemoveExact, [key], [field, value]);

    private async Task<(bool, T?)> TryDecodeAsync<T>(RedisKey key, RedisValue field, RedisValue value, Func<RedisValue, byte[], T> decode)
    {
        try
        {
            return (true, decode(field, value!));
        }
        catch (InvalidDataException exception)
        {
            await quarantine.SetAsideAsync(key, field, value!, exception.Message);
            await RemoveExactAsync(key, field, value);
            return (false, default);
        }
    }
}
