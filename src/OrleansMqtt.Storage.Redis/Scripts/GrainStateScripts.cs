namespace OrleansMqtt.Storage.Redis.Scripts;

/// <summary>Scripts over a key of <see cref="Keys.RedisKeys.GrainState"/>. Empty ETags mean that there is no record.</summary>
internal static class GrainStateScripts
{
    /// <summary>Arguments: the ETag that the writer knows, its new one, data. A repeat is recognized by the new one. Answers <c>ok</c>, or <c>stale, stored ETag</c>.</summary>
    public static RedisScript Write { get; } = new("""
        local etag = redis.call('HGET', KEYS[1], 'etag') or ''
        if etag == ARGV[2] then return {'ok'} end
        if etag ~= ARGV[1] then return {'stale', etag} end
        redis.call('HSET', KEYS[1], 'etag', ARGV[2], 'data', ARGV[3])
        return {'ok'}
        """);

    /// <summary>Arguments: the ETag that the writer knows. Answers <c>ok</c>, or <c>stale, stored ETag</c>.</summary>
    public static RedisScript Clear { get; } = new("""
        local etag = redis.call('HGET', KEYS[1], 'etag') or ''
        if etag ~= ARGV[1] then return {'stale', etag} end
        redis.call('UNLINK', KEYS[1])
        return {'ok'}
        """);
}
