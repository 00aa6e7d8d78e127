namespace OrleansMqtt.Storage.Redis.Scripts;

/// <summary>
/// Scripts over a key of <see cref="Keys.RedisKeys.Members"/>. A row's ETag is the SHA-1 of its text, so that a heartbeat changes it too.
/// The text is taken apart by patterns, not by a JSON library, which would write it differently; quotes inside of strings are
/// escaped, so that no string passes for a property.
/// </summary>
internal static class MembershipScripts
{
    /// <summary>Makes the version 0, unless there is one.</summary>
    public static RedisScript Initialize { get; } = new("redis.call('HSETNX', KEYS[1], 'Version', '0') return {'ok'}");

    /// <summary>Arguments: field, ETag of the row that is replaced (empty: there is none), version before, version after, row. Answers <c>ok</c>, or <c>stale, stored row</c>.</summary>
    public static RedisScript Put { get; } = new("""
        local row = redis.call('HGET', KEYS[1], ARGV[1])
        local etag = row and redis.sha1hex(row) or ''
        local version = redis.call('HGET', KEYS[1], 'Version') or '0'
        if etag ~= ARGV[2] or version ~= ARGV[3] then return {'stale', row or ''} end
        redis.call('HSET', KEYS[1], 'Version', ARGV[4], ARGV[1], ARGV[5])
        return {'ok'}
        """);

    /// <summary>Arguments: field, time, version confirmed. Times have the same length, so that texts compare as they do. Answers <c>ok</c>, or <c>none</c>.</summary>
    public static RedisScript Beat { get; } = new("""
        local row = redis.call('HGET', KEYS[1], ARGV[1])
        local known = row and string.match(row, '"IAmAliveTime":"([^"]*)"')
        if not known or string.find(row, '"Status":6', 1, true) or known >= ARGV[2] then return {'none'} end
        row = string.gsub(row, '"IAmAliveTime":"[^"]*"', '"IAmAliveTime":"' .. ARGV[2] .. '"', 1)
        row = string.gsub(row, '"UpdateZone":%-?%d+', '"UpdateZone":' .. ARGV[3], 1)
        redis.call('HSET', KEYS[1], ARGV[1], row)
        return {'ok'}
        """);

    /// <summary>Deletes all.</summary>
    public static RedisScript Delete { get; } = new("redis.call('UNLINK', KEYS[1]) return {'ok'}");

    public static IReadOnlyList<RedisScript> All { get; } = [Initialize, Put, Beat, Delete];
}
