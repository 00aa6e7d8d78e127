namespace OrleansMqtt.Storage.Redis.Scripts;

/// <summary>
/// Scripts over the keys <see cref="Keys.RedisKeys.Leases"/> and <see cref="Keys.RedisKeys.LeaseTokens"/>. A lease is answered as
/// <c>ok, name, holder, token, expiry, data</c>, its absence as <c>none</c>. Tokens come from one counter for all names, so that nothing remains of a name that is not used any longer.
/// </summary>
internal static class LeaseScripts
{
    // Leases that nobody has renewed for this long belong to the dead and are forgotten when the next one is taken.
    private const string Common = """
        local time = redis.call('TIME')
        local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
        local function load(name)
          local packed = redis.call('HGET', KEYS[1], name)
          if packed then return cmsgpack.unpack(packed) end
        end
        local function store(name, holder, token, duration, data)
          local expires = string.format('%.0f', now + tonumber(duration))
          redis.call('HSET', KEYS[1], name, cmsgpack.pack({holder, token, expires, data}))
          return {'ok', name, holder, token, expires, data}
        end

        """;

    /// <summary>Arguments: name, holder, milliseconds, data, milliseconds after which an expired lease is forgotten.</summary>
    public static RedisScript Acquire { get; } = new(Common + """
        local lease = load(ARGV[1])
        if lease and lease[1] == ARGV[2] then return store(ARGV[1], ARGV[2], lease[2], ARGV[3], ARGV[4]) end
        if lease and tonumber(lease[3]) > now then return {'none'} end
        local all = redis.call('HGETALL', KEYS[1])
        for i = 1, #all, 2 do
          if tonumber(cmsgpack.unpack(all[i + 1])[3]) + tonumber(ARGV[5]) < now then redis.call('HDEL', KEYS[1], all[i]) end
        end
        local token = string.format('%.0f', redis.call('INCR', KEYS[2]))
        return store(ARGV[1], ARGV[2], token, ARGV[3], ARGV[4])
        """);

    /// <summary>
    /// Arguments: name, holder, milliseconds. Answers as the others, and then <c>held</c> or <c>free</c>, as it was before. Repeated, it finds the holder's own lease, whose token stays.
    /// </summary>
    public static RedisScript Take { get; } = new(Common + """
        local lease = load(ARGV[1])
        local own = lease and lease[1] == ARGV[2]
        local held = lease and tonumber(lease[3]) > now
        local token = own and lease[2] or string.format('%.0f', redis.call('INCR', KEYS[2]))
        local answer = store(ARGV[1], ARGV[2], token, ARGV[3], '')
        answer[#answer + 1] = held and 'held' or 'free'
        return answer
        """);

    /// <summary>Arguments: name, holder, token, milliseconds, data.</summary>
    public static RedisScript Renew { get; } = new(Common + """
        local lease = load(ARGV[1])
        if not lease or lease[1] ~= ARGV[2] or lease[2] ~= ARGV[3] then return {'none'} end
        return store(ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5])
        """);

    /// <summary>Arguments: name, holder, token.</summary>
    public static RedisScript Release { get; } = new(Common + """
        local lease = load(ARGV[1])
        if lease and lease[1] == ARGV[2] and lease[2] == ARGV[3] then redis.call('HDEL', KEYS[1], ARGV[1]) end
        return {'ok'}
        """);

    /// <summary>Arguments: prefix. Answers <c>ok</c>, then name, holder, token, expiry, data of each lease in force.</summary>
    public static RedisScript Read { get; } = new(Common + """
        local answer, all = {'ok'}, redis.call('HGETALL', KEYS[1])
        for i = 1, #all, 2 do
          local lease = cmsgpack.unpack(all[i + 1])
          if string.sub(all[i], 1, #ARGV[1]) == ARGV[1] and tonumber(lease[3]) > now then
            for _, value in ipairs({all[i], lease[1], lease[2], lease[3], lease[4]}) do answer[#answer + 1] = value end
          end
        end
        return answer
        """);
}
