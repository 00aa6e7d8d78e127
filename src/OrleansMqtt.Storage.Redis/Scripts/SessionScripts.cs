namespace OrleansMqtt.Storage.Redis.Scripts;

/// <summary>
/// Scripts over the keys of <see cref="Keys.RedisKeys.Session"/>. Each can be repeated: what it did is recognized by position, identity
/// or packet identifier. Writes answer <c>stale, stored epoch</c> when a later epoch has written.
/// </summary>
/// <remarks>
/// Redis that is out of memory refuses a script at its first command that needs memory, unless the script has written before. What frees
/// memory begins with a removal for that reason (of a field <c>none</c>, if need be), what takes memory with a command that is refused.
/// </remarks>
internal static class SessionScripts
{
    // Epochs are strings of 19 digits, since Lua's numbers are exact to 53 bits only.
    private const string Fence = """
        local head = redis.call('HMGET', KEYS[1], 'epoch', 'next', 'count', 'bytes')
        if head[1] and ARGV[1] < head[1] then return {'stale', head[1]} end
        local nextPosition, count, bytes = tonumber(head[2] or '0'), tonumber(head[3] or '0'), tonumber(head[4] or '0')

        """;

    /// <summary>Arguments: epoch. Answers <c>ok, next, count, bytes</c>.</summary>
    public static RedisScript Open { get; } = new(Fence + """
        redis.call('HDEL', KEYS[1], 'none')
        redis.call('HSET', KEYS[1], 'epoch', ARGV[1])
        return {'ok', head[2] or '0', head[3] or '0', head[4] or '0'}
        """);

    /// <summary>
    /// Arguments: epoch, then for each entry position, bytes of its message, entry, source, number, floor (the last three empty without an identity).
    /// Answers <c>ok</c> and the positions passed over. What falls below a floor is forgotten, but for the highest number of each of the latest four epochs.
    /// A position that is empty though it has been given was passed over the first time the write was tried.
    /// </summary>
    public static RedisScript Append { get; } = new(Fence + """
        local answer, asked = {'ok'}, false
        for i = 2, #ARGV, 6 do
          local position, id, source = tonumber(ARGV[i]), ARGV[i] .. '-1', ARGV[i + 3]
          if position < nextPosition then
            if source ~= '' and #redis.call('XRANGE', KEYS[2], id, id) == 0 then answer[#answer + 1] = ARGV[i] end
          else
            nextPosition = position + 1
            local takes = true
            if source ~= '' then
              source = source .. '\0'
              if not asked then redis.call('HSET', KEYS[1], 'epoch', ARGV[1]) end
              asked = true
              local past = 'past/' .. source
              local floor, pastOfEpoch = source .. ARGV[i + 5], past .. string.sub(ARGV[i + 4], 1, 19)
              local fallen = redis.call('ZRANGEBYLEX', KEYS[5], '[' .. source, '(' .. floor)
              if #fallen > 0 then
                redis.call('ZREMRANGEBYLEX', KEYS[5], '[' .. source, '(' .. floor)
                for _, member in ipairs(fallen) do
                  local number = string.sub(member, #source + 1)
                  local ofEpoch = past .. string.sub(number, 1, 19)
                  redis.call('ZREMRANGEBYLEX', KEYS[5], '[' .. ofEpoch, '(' .. past .. number)
                  if redis.call('ZLEXCOUNT', KEYS[5], '[' .. ofEpoch, '(' .. ofEpoch .. ':') == 0 then redis.call('ZADD', KEYS[5], 0, past .. number) end
                end
                local epochs = redis.call('ZRANGEBYLEX', KEYS[5], '[' .. past, '(' .. past .. ':')
                for j = 1, #epochs - 4 do redis.call('ZREM', KEYS[5], epochs[j]) end
              end
              takes = redis.call('ZLEXCOUNT', KEYS[5], '[' .. past .. ARGV[i + 4], '(' .. pastOfEpoch .. ':') == 0
                and redis.call('ZADD', KEYS[5], 'NX', 0, source .. ARGV[i + 4]) == 1
            end
            if takes then
              redis.call('XADD', KEYS[2], id, 'd', ARGV[i + 2], 's', ARGV[i + 1])
              count, bytes = count + 1, bytes + tonumber(ARGV[i + 1])
            else
              answer[#answer + 1] = ARGV[i]
            end
          end
        end
        redis.call('HSET', KEYS[1], 'epoch', ARGV[1], 'next', nextPosition, 'count', count, 'bytes', bytes)
        return answer
        """);

    /// <summary>
    /// Arguments: epoch; 1 if it takes memory (stores messages), 0 if it frees it; number of removed positions, the positions; the same for released ones;
    /// number of stored messages, packet identifier and message of each; number of published ones, their packet identifiers.
    /// </summary>
    public static RedisScript Update { get; } = new(Fence + """
        local at = 3
        local function take() at = at + 1; return ARGV[at - 1] end
        local function find(position)
          local found = redis.call('XRANGE', KEYS[2], position .. '-1', position .. '-1')[1]
          return found and tonumber(found[2][4])
        end
        if ARGV[2] == '1' then redis.call('HSET', KEYS[1], 'epoch', ARGV[1]) else redis.call('HDEL', KEYS[1], 'none') end
        for _ = 1, tonumber(take()) do
          local position = take()
          local size = find(position)
          if size then
            redis.call('XDEL', KEYS[2], position .. '-1')
            count = count - 1
            if redis.call('SREM', KEYS[3], position) == 0 then bytes = bytes - size end
          end
        end
        for _ = 1, tonumber(take()) do
          local position = take()
          local size = find(position)
          if size and redis.call('SADD', KEYS[3], position) == 1 then bytes = bytes - size end
        end
        for _ = 1, tonumber(take()) do
          local id, message = take(), take()
          if redis.call('HEXISTS', KEYS[4], id) == 0 then
            redis.call('HSET', KEYS[4], id, redis.call('HINCRBY', KEYS[1], 'arrivals', 1) .. ':' .. message)
          end
        end
        for _ = 1, tonumber(take()) do redis.call('HDEL', KEYS[4], take()) end
        redis.call('HSET', KEYS[1], 'epoch', ARGV[1], 'next', nextPosition, 'count', count, 'bytes', bytes)
        return {'ok'}
        """);

    /// <summary>
    /// Arguments: first position, maximum. Answers 1 if it stopped early at about a megabyte, 0 if not; then position, entry, released (1 or 0) of each.
    /// The server stands still meanwhile and Lua holds a copy, so it goes in small steps.
    /// </summary>
    public static RedisScript Read { get; } = new("""
        local answer, none = {0}, redis.call('SCARD', KEYS[3]) == 0
        local from, left, bytes = ARGV[1], tonumber(ARGV[2]), 0
        while left > 0 do
          local step = math.min(left, 16)
          local page = redis.call('XRANGE', KEYS[2], from .. '-0', '+', 'COUNT', step)
          for _, found in ipairs(page) do
            local position = string.match(found[1], '^%d+')
            answer[#answer + 1] = position
            answer[#answer + 1] = found[2][2]
            answer[#answer + 1] = none and 0 or redis.call('SISMEMBER', KEYS[3], position)
            bytes = bytes + #found[2][2]
            from = string.format('%.0f', tonumber(position) + 1)
          end
          if #page < step then break end
          left = left - step
          if left > 0 and bytes > 1000000 then
            answer[1] = 1
            break
          end
        end
        return answer
        """);

    /// <summary>Arguments: epoch.</summary>
    public static RedisScript Delete { get; } = new(Fence + """
        redis.call('UNLINK', unpack(KEYS))
        return {'ok'}
        """);

    /// <summary>Arguments: position. Drops an entry that cannot be read, whoever writes.</summary>
    public static RedisScript Drop { get; } = new("""
        local id = ARGV[1] .. '-1'
        local found = redis.call('XRANGE', KEYS[2], id, id)[1]
        if found then
          redis.call('XDEL', KEYS[2], id)
          redis.call('HINCRBY', KEYS[1], 'count', -1)
          if redis.call('SREM', KEYS[3], ARGV[1]) == 0 then redis.call('HINCRBY', KEYS[1], 'bytes', '-' .. found[2][4]) end
        end
        return {'ok'}
        """);

    public static IReadOnlyList<RedisScript> All { get; } = [Open, Append, Update, Read, Delete, Drop];
}
