using System.Collections.Immutable;
using OrleansMqtt.Messages;
using OrleansMqtt.Routing;

namespace OrleansMqtt.Grains.Routing;

/// <summary>A member of a shared group.</summary>
/// <param name="ClientId">The client.</param>
/// <param name="Options">Its subscription.</param>
/// <param name="Gateway">Where it is connected; null while away.</param>
/// <param name="Persistent">Whether its session has a log.</param>
internal sealed record SharedMember(string ClientId, SubscriptionOptions Options, string? Gateway, bool Persistent);

/// <summary>A shared group as a replica holds it: its members, sorted by client identifier, and whose turn it is.</summary>
internal sealed class SharedGroup(SharedGroupKey key)
{
    private int _turn = -1;

    public SharedGroupKey Key { get; } = key;

    /// <summary>Replaced as a whole at each change, so that routing reads it without a lock.</summary>
    public ImmutableArray<SharedMember> Members { get; private set; } = [];

    public void Set(SharedMember member)
    {
        var rest = Members.RemoveAll(m => m.ClientId == member.ClientId);
        var at = 0;
        while (at < rest.Length && string.CompareOrdinal(rest[at].ClientId, member.ClientId) < 0) at++;
        Members = rest.Insert(at, member);
    }

    public void Remove(string clientId) => Members = Members.RemoveAll(m => m.ClientId == clientId);

    /// <summary>The members in the order in which a message is offered to them: connected ones first.</summary>
    public IEnumerable<SharedMember> Candidates(in PublishView publish)
    {
        var members = Members;
        var first = Key.Ordered ? -1 : (int)(Turn(publish) % (uint)Math.Max(1, members.Length));
        return Key.Ordered ? ByWeight(members, StreamHash(publish)) : InTurn(members, first);
    }

    // A message that comes by a lane may come again by another silo: as long as the members are the same it goes to the same one, which knows it.
    private uint Turn(in PublishView publish) =>
        publish.Stamp is { } stamp ? (uint)Mix((ulong)stamp.Lane ^ (ulong)stamp.Number) : (uint)Interlocked.Increment(ref _turn);

    private static IEnumerable<SharedMember> InTurn(ImmutableArray<SharedMember> members, int first)
    {
        foreach (var connected in (bool[])[true, false])
            for (var i = 0; i < members.Length; i++)
            {
                var member = members[(first + i) % members.Length];
                if (member.Gateway is not null == connected) yield return member;
            }
    }

    // Rendezvous hashing: when a member comes or goes, only the streams that it wins or had change hands.
    private static IEnumerable<SharedMember> ByWeight(ImmutableArray<SharedMember> members, ulong stream) =>
        members.OrderByDescending(m => m.Gateway is not null).ThenByDescending(m => Mix(stream ^ Hash(m.ClientId)));

    private static ulong StreamHash(in PublishView publish)
    {
        var hash = Hash(publish.Publisher ?? "");
        foreach (var b in publish.Topic) hash = (hash ^ b) * 1099511628211ul;
        return hash;
    }

    private static ulong Hash(string text)
    {
        var hash = 14695981039346656037ul;
        foreach (var c in text) hash = (hash ^ c) * 1099511628211ul;
        return hash;
    }

    private static ulong Mix(ulong x)
    {
        x = (x ^ (x >> 33)) * 0xff51afd7ed558ccdul;
        x = (x ^ (x >> 33)) * 0xc4ceb9fe1a85ec53ul;
        return x ^ (x >> 33);
    }
}
