namespace OrleansMqtt.Storage.Redis.Scripts;

/// <summary>Scripts over a hash of records.</summary>
internal static class HashScripts
{
    // An epoch is a string of 19 digits, since Lua's numbers are exact to 53 bits only; epoch 0 is an empty one, which is what a key that is not there reads as.
    private const string Fence = """
        local latest = redis.call('GET', KEYS[2]) or ''

        """;

    /// <summary>Keys: the hash, its epoch. Arguments: epoch. Answers <c>ok, latest epoch</c>.</summary>
    public static RedisScript Open { get; } = new(Fence + """
        if ARGV[1] > latest then
          redis.call('SET', KEYS[2], ARGV[1])
          latest = ARGV[1]
        end
        return {'ok', latest}
        """);

    /// <summary>As <see cref="Apply"/>, with the epoch as second key and as first argument. Answers <c>stale, latest epoch</c> when a later writer has opened it.</summary>
    public static RedisScript ApplyFenced { get; } = new(Fence + """
        if ARGV[1] < latest then return {'stale', latest} end
        local sets = tonumber(ARGV[2])
        for i = 3 + sets * 2, #ARGV do redis.call('HDEL', KEYS[1], ARGV[i]) end
        for i = 3, sets * 2 + 1, 2 do redis.call('HSET', KEYS[1], ARGV[i], ARGV[i + 1]) end
        return {'ok'}
        """);

    /// <summary>Key: the hash. Arguments: number of fields to set, field and value of each, fields to remove.</summary>
    public static RedisScript Apply { get; } = new("""
        local sets = tonumber(ARGV[1])
        for i = 2 + sets * 2, #ARGV do redis.call('HDEL', KEYS[1], ARGV[i]) end
        for i = 2, sets * 2, 2 do redis.call('HSET', KEYS[1], ARGV[i], ARGV[i + 1]) end
        return {'ok'}
        """);

    /// <summary>Key: the hash. Arguments: field, value. Removes the field if it has this very value.</summary>
    public static RedisScript RemoveExact { get; } = new("""
        if redis.call('HGET', KEYS[1], ARGV[1]) == ARGV[2] then redis.call('HDEL', KEYS[1], ARGV[1]) end
        return {'ok'}
        """);

    /// <summary>Key: the quarantine. Argument: the record.</summary>
    public static RedisScript SetAside { get; } = new("redis.call('RPUSH', KEYS[1], ARGV[1]) return {'ok'}");
}
