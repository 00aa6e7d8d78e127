using System.Security.Cryptography;
using System.Text;

namespace OrleansMqtt.Storage.Redis.Scripts;

/// <summary>A Lua script, called by the hash of its text.</summary>
internal sealed class RedisScript
{
    public RedisScript(string text)
    {
        Text = text;
#pragma warning disable CA5350 // Redis names scripts by their SHA-1; nothing secret depends on it.
        Hash = SHA1.HashData(Encoding.UTF8.GetBytes(text));
#pragma warning restore CA5350
    }

    public string Text { get; }

    public byte[] Hash { get; }

    /// <summary>Every script there is: they are loaded at each connect.</summary>
    public static IReadOnlyList<RedisScript> All { get; } =
    [
        .. SessionScripts.All, HashScripts.Open, HashScripts.ApplyFenced, HashScripts.Apply, HashScripts.RemoveExact, HashScripts.SetAside, ConnectionScripts.Add, ConnectionScripts.Remove,
        LeaseScripts.Acquire, LeaseScripts.Take, LeaseScripts.Renew, LeaseScripts.Release, LeaseScripts.Read, GrainStateScripts.Write, GrainStateScripts.Clear,
        .. MembershipScripts.All,
    ];
}
