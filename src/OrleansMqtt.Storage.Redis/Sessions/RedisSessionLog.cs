using System.Collections.Immutable;
using System.Globalization;
using Orleans.Storage;
using OrleansMqtt.Messages;
using OrleansMqtt.Sessions;
using OrleansMqtt.Storage.Formats;
using OrleansMqtt.Storage.Redis.Connections;
using OrleansMqtt.Storage.Redis.Scripts;
using StackExchange.Redis;

namespace OrleansMqtt.Storage.Redis.Sessions;

/// <summary>Session logs; <see cref="Keys.RedisKeys.Session"/> says how they lie in Redis.</summary>
internal sealed class RedisSessionLog(RedisClient client, RedisQuarantine quarantine) : ISessionLog
{
    public async ValueTask<SessionLogExtent> OpenAsync(string clientId, long epoch)
    {
        var answer = await WriteAsync(SessionScripts.Open, clientId, epoch, [Number(epoch)]);
        return new SessionLogExtent((long)answer.Values[1], (int)answer.Values[2], (long)answer.Values[3]);
    }

    public async ValueTask<ImmutableArray<long>> AppendAsync(string clientId, long epoch, ImmutableArray<SessionLogEntry> entries)
    {
        var arguments = new RedisValue[1 + entries.Length * 6];
        var (at, size) = (0, 0);
        arguments[at++] = Number(epoch);
        foreach (var entry in entries)
        {
            var identity = entry.Message.Identity;
            arguments[at++] = entry.Sequence;
            arguments[at++] = entry.Message.Size;
            arguments[at++] = SessionLogEntryFormat.Encode(entry).ToArray();
            arguments[at++] = identity?.Source ?? "";
            arguments[at++] = identity is null ? "" : Number(identity.Number);
            arguments[at++] = identity is null ? "" : Number(identity.Floor);
            size += entry.Message.Size;
        }
        var answer = await WriteAsync(SessionScripts.Append, clientId, epoch, arguments, size);
        return answer.Values.Length == 1 ? [] : [.. answer.Values.Skip(1).Select(static position => (long)position)];
    }

    public async ValueTask<ImmutableArray<StoredLogEntry>> ReadAsync(string clientId, long from, int maximum)
    {
        var keys = client.Keys.Session(clientId);
        var entries = ImmutableArray.CreateBuilder<StoredLogEntry>();
        from = Math.Max(0, from);
        while (entries.Count < maximum)
        {
            var wanted = maximum - entries.Count;
            var values = await client.ReadAsync(SessionScripts.Read, keys, from, wanted);
            for (var i = 1; i < values.Length; i += 3)
            {
                from = (long)values[i] + 1;
                if (await TryDecodeAsync(keys, values, i) is { } entry) entries.Add(entry);
            }
            // Again where there was more than one answer holds, or damaged entries were left out: an empty page would mean the end.
            if ((long)values[0] == 0 && values.Length <= wanted * 3L) break;
        }
        return entries.ToImmutable();
    }

    public async ValueTask UpdateAsync(string clientId, long epoch, SessionLogUpdate update)
    {
        var arguments = new List<RedisValue> { Number(epoch), update.Stored.IsEmpty ? 0 : 1 };
        AddPositions(update.Removed);
        AddPositions(update.Released);
        var size = 0;
        arguments.Add(update.Stored.Length);
        foreach (var stored in update.Stored)
        {
            arguments.Add((int)stored.PacketId);
            arguments.Add(InboundMessageFormat.Encode(stored).ToArray());
            size += stored.Message.Size;
        }
        arguments.Add(update.Published.Length);
        foreach (var packetId in update.Published) arguments.Add((int)packetId);
        await WriteAsync(SessionScripts.Update, clientId, epoch, [.. arguments], size);

        void AddPositions(ImmutableArray<long> positions)
        {
            var count = arguments.Count;
            arguments.Add(0);
            foreach (var position in positions)
                if (position >= 0) arguments.Add(position);
            arguments[count] = arguments.Count - count - 1;
        }
    }

    public async ValueTask<ImmutableArray<InboundMessage>> ReadInboundAsync(string clientId)
    {
        var key = client.Keys.Session(clientId)[3];
        var fields = ((RedisValue[])await client.ReadAsync(database => database.ExecuteAsync("HGETALL", key)))!;
        var messages = new List<(long Arrival, InboundMessage Message)>();
        for (var i = 0; i < fields.Length; i += 2)
        {
            try
            {
                messages.Add(DecodeInbound(fields[i + 1]!));
            }
            catch (InvalidDataException exception)
            {
                await quarantine.SetAsideAsync(key, fields[i], fields[i + 1]!, exception.Message);
                await client.WriteAsync(HashScripts.RemoveExact, [key], [fields[i], fields[i + 1]]);
            }
        }
        return [.. messages.OrderBy(static m => m.Arrival).Select(static m => m.Message)];
    }

    public async ValueTask DeleteAsync(string clientId, long epoch) => await WriteAsync(SessionScripts.Delete, clientId, epoch, [Number(epoch)]);

    private async Task<RedisAnswer> WriteAsync(RedisScript script, string clientId, long epoch, RedisValue[] arguments, int size = 0)
    {
        var answer = await client.WriteAsync(script, client.Keys.Session(clientId), arguments, size);
        return answer.IsStale
            ? throw new InconsistentStateException($"Session log of {clientId}: epoch {epoch} is past, {(long)answer.Values[1]} writes now.")
            : answer;
    }

    private async Task<StoredLogEntry?> TryDecodeAsync(RedisKey[] keys, RedisResult[] values, int at)
    {
        var entry = (byte[])values[at + 1]!;
        try
        {
            return new StoredLogEntry(SessionLogEntryFormat.Decode(entry), (long)values[at + 2] != 0);
        }
        catch (InvalidDataException exception)
        {
            var position = (RedisValue)values[at];
            await quarantine.SetAsideAsync(keys[1], position, entry, exception.Message);
            await client.WriteAsync(SessionScripts.Drop, keys, [position]);
            return null;
        }
    }

    private static (long, InboundMessage) DecodeInbound(byte[] value)
    {
        var colon = value.AsSpan().IndexOf((byte)':');
        return colon >= 0 && long.TryParse(value.AsSpan(0, colon), NumberStyles.None, CultureInfo.InvariantCulture, out var arrival)
            ? (arrival, InboundMessageFormat.Decode(value.AsSpan(colon + 1)))
            : throw new InvalidDataException("An arrival number is missing.");
    }

    // Of one length, so that they compare as text.
    private static string Number(long number) => number.ToString("D19", CultureInfo.InvariantCulture);

    private static string Number(MessageNumber number) => Number(number.Epoch) + Number(number.Count);
}
