using System.Collections.Immutable;
using OrleansMqtt.Storage.Redis.Connections;
using OrleansMqtt.Storage.Redis.Scripts;
using StackExchange.Redis;

namespace OrleansMqtt.Storage.Redis.Leases;

/// <summary>Leases by the clock of Redis.</summary>
internal sealed class RedisLeaseStore(RedisClient client) : ILeaseStore
{
    private static readonly TimeSpan ForgottenAfter = TimeSpan.FromDays(1);
    private readonly RedisKey[] _keys = [client.Keys.Leases, client.Keys.LeaseTokens];

    public async ValueTask<Lease?> AcquireAsync(string name, string holder, TimeSpan duration, string data = "") =>
        Decode(await client.WriteAsync(LeaseScripts.Acquire, _keys, [name, holder, Milliseconds(duration), data, Milliseconds(ForgottenAfter)]));

    public async ValueTask<TakenLease> TakeAsync(string name, string holder, TimeSpan duration)
    {
        var answer = await client.WriteAsync(LeaseScripts.Take, _keys, [name, holder, Milliseconds(duration)]);
        return new TakenLease(Decode(answer.Values, 1), (string)answer.Values[6]! == "held");
    }

    public async ValueTask<Lease?> RenewAsync(Lease lease, TimeSpan duration) =>
        Decode(await client.WriteAsync(LeaseScripts.Renew, _keys, [lease.Name, lease.Holder, lease.Token, Milliseconds(duration), lease.Data]));

    public async ValueTask ReleaseAsync(Lease lease) => await client.WriteAsync(LeaseScripts.Release, _keys, [lease.Name, lease.Holder, lease.Token]);

    public async ValueTask<ImmutableArray<Lease>> ReadAsync(string prefix)
    {
        var values = await client.ReadAsync(LeaseScripts.Read, _keys, prefix);
        var leases = new List<Lease>();
        for (var i = 1; i < values.Length; i += 5) leases.Add(Decode(values, i));
        return [.. leases.OrderBy(static lease => lease.Name, StringComparer.Ordinal)];
    }

    private static RedisValue Milliseconds(TimeSpan duration) => (long)duration.TotalMilliseconds;

    private static Lease? Decode(RedisAnswer answer) => answer.IsNone ? null : Decode(answer.Values, 1);

    private static Lease Decode(RedisResult[] values, int from) =>
        new((string)values[from]!, (string)values[from + 1]!, (long)values[from + 2], (long)values[from + 3], (string)values[from + 4]!);
}
