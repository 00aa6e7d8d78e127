using System.Globalization;
using Orleans.Storage;
using OrleansMqtt.Storage.Redis.Keys;
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

    /// <summary>Fences off writers with an older epoch. Returns the latest one.</summary>
    public async Task<long> OpenAsync(RedisKey key, long epoch)
    {
        var answer = await client.WriteAsync(HashScripts.Open, [key, RedisKeys.Epoch(key)], [EpochText(epoch)]);
        return EpochOf(answer.Values[1]);
    }

    /// <summary>Sets and removes fields in one write, the last word on each field.</summary>
    public Task ApplyAsync(RedisKey key, IReadOnlyDictionary<RedisValue, RedisValue> changes) => ApplyAsync(HashScripts.Apply, [key], [], changes);

    /// <summary>As <see cref="ApplyAsync(RedisKey, IReadOnlyDictionary{RedisValue, RedisValue})"/>, of a partition, unless a later writer has opened it.</summary>
    /// <exception cref="InconsistentStateException">One has.</exception>
    public async Task ApplyAsync(RedisKey key, int partition, long epoch, IReadOnlyDictionary<RedisValue, RedisValue> changes)
    {
        if (await ApplyAsync(HashScripts.ApplyFenced, [key, RedisKeys.Epoch(key)], [EpochText(epoch)], changes) is { IsStale: true } answer)
            throw PastEpoch.Of(partition, epoch, EpochOf(answer.Values[1]));
    }

    private async Task<RedisAnswer?> ApplyAsync(RedisScript script, RedisKey[] keys, RedisValue[] first, IReadOnlyDictionary<RedisValue, RedisValue> changes)
    {
        if (changes.Count == 0) return null;
        var arguments = new List<RedisValue>(first.Length + changes.Count * 2 + 1);
        arguments.AddRange(first);
        var count = arguments.Count;
        arguments.Add(0);
        var size = 0;
        foreach (var (field, value) in changes)
        {
            if (value.IsNull) continue;
            arguments.Add(field);
            arguments.Add(value);
            size += ((byte[])value!).Length;
        }
        arguments[count] = (arguments.Count - count) / 2;
        foreach (var (field, value) in changes)
            if (value.IsNull) arguments.Add(field);
        return await client.WriteAsync(script, keys, [.. arguments], size);
    }

    private static RedisValue EpochText(long epoch)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(epoch);
        return epoch == 0 ? "" : epoch.ToString("D19", CultureInfo.InvariantCulture);
    }

    private static long EpochOf(RedisResult text) => (string?)text is { Length: > 0 } digits ? long.Parse(digits, CultureInfo.InvariantCulture) : 0;

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
