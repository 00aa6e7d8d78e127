using System.Globalization;
using System.Security.Cryptography;
using OrleansMqtt.Storage.Redis.Connections;
using OrleansMqtt.Storage.Redis.Scripts;
using StackExchange.Redis;

namespace OrleansMqtt.Storage.Redis.Clustering;

/// <summary>The membership table where Microsoft.Orleans.Clustering.Redis has it: one hash, with the field <c>Version</c> and one for each silo.</summary>
internal sealed class RedisMembershipTable(RedisClient client) : IMembershipTable, IDisposable
{
    private const string VersionField = "Version";
    private readonly Lock _lock = new();
    private readonly RedisKey[] _keys = [client.Keys.Members];
    private Task? _opening;

    /// <exception cref="StoreUnusableException">Redis cannot be used as configured.</exception>
    public async Task InitializeMembershipTable(bool tryInitTableVersion)
    {
        Task opening;
        lock (_lock)
        {
            if (_opening is null or { IsFaulted: true } or { IsCanceled: true }) _opening = client.StartAsync(CancellationToken.None);
            opening = _opening;
        }
        await opening;
        if (tryInitTableVersion) await client.WriteAsync(MembershipScripts.Initialize, _keys, []);
    }

    public Task DeleteMembershipTableEntries(string clusterId) => client.WriteAsync(MembershipScripts.Delete, _keys, []);

    public async Task CleanupDefunctSiloEntries(DateTimeOffset beforeDate)
    {
        foreach (var (field, text) in await ReadFieldsAsync())
        {
            if (field == VersionField || Decode(field, text) is not { Status: SiloStatus.Dead } entry) continue;
            var latest = entry.StartTime > entry.IAmAliveTime ? entry.StartTime : entry.IAmAliveTime;
            if (latest < beforeDate.UtcDateTime) await client.WriteAsync(HashScripts.RemoveExact, _keys, [field, text]);
        }
    }

    public async Task<MembershipTableData> ReadRow(SiloAddress key)
    {
        var field = key.ToString();
        var values = ((RedisValue[])await client.ReadAsync(database => database.ExecuteAsync("HMGET", _keys[0], VersionField, field)))!;
        var version = DecodeVersion(values[0]);
        return values[1].IsNull ? new MembershipTableData(version) : new MembershipTableData(Row(field, values[1]), version);
    }

    /// <exception cref="InvalidDataException">A row cannot be read. Leaving it out could make two silos run one grain.</exception>
    public async Task<MembershipTableData> ReadAll()
    {
        var (rows, version) = (new List<Tuple<MembershipEntry, string>>(), DecodeVersion(RedisValue.Null));
        foreach (var (field, value) in await ReadFieldsAsync())
        {
            if (field == VersionField) version = DecodeVersion(value);
            else rows.Add(Row(field, value));
        }
        return new MembershipTableData(rows, version);
    }

    public Task<bool> InsertRow(MembershipEntry entry, TableVersion tableVersion) => PutAsync(entry, "", tableVersion);

    public Task<bool> UpdateRow(MembershipEntry entry, string etag, TableVersion tableVersion) => PutAsync(entry, etag, tableVersion);

    public Task UpdateIAmAlive(MembershipEntry entry) =>
        client.WriteAsync(MembershipScripts.Beat, _keys, [entry.SiloAddress.ToString(), MembershipFormat.Time(entry.IAmAliveTime), entry.UpdateZone]);

    public void Dispose() => client.Dispose();

    private async Task<bool> PutAsync(MembershipEntry entry, string etag, TableVersion version)
    {
        var before = (version.Version - 1).ToString(CultureInfo.InvariantCulture);
        if (before != version.VersionEtag) return false;
        var row = MembershipFormat.Encode(entry);
        var answer = await client.WriteAsync(MembershipScripts.Put, _keys,
            [entry.SiloAddress.ToString(), etag, before, version.Version.ToString(CultureInfo.InvariantCulture), row], row.Length);
        // Refused, and this may be the second try: the first has done it.
        return !answer.IsStale || (answer.Repeated && ((byte[])answer.Values[1])!.AsSpan().SequenceEqual(row));
    }

    private async Task<IEnumerable<(string Field, RedisValue Value)>> ReadFieldsAsync()
    {
        var values = ((RedisValue[])await client.ReadAsync(database => database.ExecuteAsync("HGETALL", _keys[0])))!;
        return values.Chunk(2).Select(static pair => ((string)pair[0]!, pair[1]));
    }

    private Tuple<MembershipEntry, string> Row(string field, RedisValue text) => Tuple.Create(Decode(field, text), ETag(text));

    private MembershipEntry Decode(string field, RedisValue text)
    {
        try
        {
            return MembershipFormat.Decode((byte[])text!);
        }
        catch (InvalidDataException exception)
        {
            throw new InvalidDataException($"The row {field} of {_keys[0]} in Redis cannot be read ({exception.Message}): delete it if its silo does not run.", exception);
        }
    }

    private TableVersion DecodeVersion(RedisValue value)
    {
        if (value.IsNull) return new TableVersion(0, "0");
        return int.TryParse((string)value!, NumberStyles.None, CultureInfo.InvariantCulture, out var version)
            ? new TableVersion(version, (string)value!)
            : throw new InvalidDataException($"The version of {_keys[0]} in Redis is no number: delete the key when no silo runs.");
    }

#pragma warning disable CA5350 // Redis' scripts know no other hash; nothing secret depends on it.
    private static string ETag(RedisValue text) => Convert.ToHexStringLower(SHA1.HashData((byte[])text!));
#pragma warning restore CA5350
}
