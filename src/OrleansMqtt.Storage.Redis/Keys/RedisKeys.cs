using System.Globalization;
using System.Text;
using Orleans.Runtime;
using StackExchange.Redis;

namespace OrleansMqtt.Storage.Redis.Keys;

/// <summary>
/// The names of all keys. What one write touches has one hash tag (<c>{…}</c>), and so one slot: a session, a partition, a shard,
/// the connections of all gateways, the leases.
/// </summary>
/// <param name="clusterId">Each name begins with it, but for the two that lie where Orleans' packages have them.</param>
/// <param name="serviceId">Those two begin with it.</param>
internal sealed class RedisKeys(string clusterId, string serviceId)
{
    private readonly string _prefix = Escape(clusterId);

    /// <summary>String: version of the layout, see <see cref="Connections.RedisFormat"/>.</summary>
    public RedisKey Format => $"{_prefix}:format";

    /// <summary>String: the actor runtime of the cluster's silos, see <see cref="Connections.RedisRuntime"/>.</summary>
    public RedisKey Runtime => $"{_prefix}:runtime";

    /// <summary>List: records that could not be read, each <c>key, space, field, line feed, value</c>.</summary>
    public RedisKey Quarantine => $"{_prefix}:quarantine";

    /// <summary>Hash, client identifier → epoch: the connections of one gateway.</summary>
    public RedisKey Connections(string gateway) => $"{_prefix}:{{connections}}:{gateway}";

    /// <summary>Set: gateways that have connections. One name has no colon after its tag, so that no gateway's name collides.</summary>
    public RedisKey Gateways => $"{_prefix}:{{connections}}";

    /// <summary>Hash, name → lease (MessagePack).</summary>
    public RedisKey Leases => $"{_prefix}:{{leases}}:held";

    /// <summary>String: the latest token given out.</summary>
    public RedisKey LeaseTokens => $"{_prefix}:{{leases}}:token";

    /// <summary>Hash, topic name → retained message.</summary>
    public RedisKey Retained(int partition) => Numbered("retained", partition);

    /// <summary>Hash, route → route.</summary>
    public RedisKey Routes(int partition) => Numbered("routes", partition);

    /// <summary>String: the epoch that the records of a key, which has a hash tag of its own, are written with (19 digits); not there: 0.</summary>
    public static RedisKey Epoch(RedisKey records) => records.Append(":epoch");

    /// <summary>Hash, kind and client identifier → due time.</summary>
    public RedisKey Deadlines(int shard) => Numbered("deadlines", shard);

    /// <summary>
    /// The five keys of a session's log, in the order in which its scripts have them:
    /// <list type="number">
    /// <item>head, hash: <c>epoch</c> (19 digits), <c>next</c>, <c>count</c>, <c>bytes</c>, <c>arrivals</c></item>
    /// <item>entries, stream: identifier <c>position-1</c>, fields <c>d</c> (entry) and <c>s</c> (bytes of its message)</item>
    /// <item>released, set of positions</item>
    /// <item>inbound, hash: packet identifier → <c>arrival number:message</c></item>
    /// <item>taken, sorted set by name: source, NUL, epoch and count (19 digits each); and, in front of the source, <c>past/</c> where it is the highest below a floor</item>
    /// </list>
    /// </summary>
    public RedisKey[] Session(string clientId)
    {
        var tag = $"{_prefix}:{{session:{Escape(clientId)}}}:";
        return [tag + "head", tag + "entries", tag + "released", tag + "inbound", tag + "taken"];
    }

    /// <summary>Hash with <c>etag</c> and <c>data</c>: where Microsoft.Orleans.Persistence.Redis has it.</summary>
    public RedisKey GrainState(GrainId grain, string stateName) => $"{serviceId}/state/{grain}/{stateName}";

    /// <summary>Hash, silo → row, and <c>Version</c>: where Microsoft.Orleans.Clustering.Redis has it.</summary>
    public RedisKey Members => $"{serviceId}/members/{clusterId}";

    private RedisKey Numbered(string kind, int number) => $"{_prefix}:{{{kind}:{number.ToString(CultureInfo.InvariantCulture)}}}";

    // A brace would end the hash tag early; the percent sign keeps different names different.
    private static string Escape(string name) => name.AsSpan().IndexOfAny("{}%") < 0
        ? name
        : new StringBuilder(name).Replace("%", "%25").Replace("{", "%7B").Replace("}", "%7D").ToString();
}
