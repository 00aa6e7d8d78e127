namespace OrleansMqtt.Storage.Redis.Scripts;

/// <summary>Scripts over a hash of records.</summary>
internal static class HashScripts
{
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
