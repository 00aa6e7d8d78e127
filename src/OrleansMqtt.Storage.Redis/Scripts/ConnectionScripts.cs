namespace OrleansMqtt.Storage.Redis.Scripts;

/// <summary>Scripts over the keys <see cref="Keys.RedisKeys.Connections"/> and <see cref="Keys.RedisKeys.Gateways"/>. Arguments: client identifier, epoch, gateway.</summary>
internal static class ConnectionScripts
{
    public static RedisScript Add { get; } = new("""
        redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
        redis.call('SADD', KEYS[2], ARGV[3])
        return {'ok'}
        """);

    public static RedisScript Remove { get; } = new("""
        if redis.call('HGET', KEYS[1], ARGV[1]) == ARGV[2] then redis.call('HDEL', KEYS[1], ARGV[1]) end
        if redis.call('EXISTS', KEYS[1]) == 0 then redis.call('SREM', KEYS[2], ARGV[3]) end
        return {'ok'}
        """);
}
