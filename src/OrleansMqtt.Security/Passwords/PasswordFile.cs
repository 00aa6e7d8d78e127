using System.Collections.Frozen;

namespace OrleansMqtt.Security.Passwords;

/// <summary>A password file: lines <c>user:hash</c>; empty lines and those that begin with <c>#</c> are passed over. Immutable.</summary>
internal sealed class PasswordFile
{
    private readonly FrozenDictionary<string, PasswordHash> _users;

    private PasswordFile(FrozenDictionary<string, PasswordHash> users) => _users = users;

    /// <summary>Number of users.</summary>
    public int Count => _users.Count;

    /// <summary>What is stored for a user; null when it is not in the file.</summary>
    public PasswordHash? Find(string user) => _users.GetValueOrDefault(user);

    /// <summary>Reads it.</summary>
    /// <exception cref="FormatException">A line is not understood: the message says which, without what stands in it.</exception>
    public static PasswordFile Parse(IEnumerable<string> lines)
    {
        var (users, number) = (new Dictionary<string, PasswordHash>(), 0);
        foreach (var line in lines)
        {
            number++;
            if (string.IsNullOrWhiteSpace(line) || line.StartsWith('#')) continue;
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon < 1) throw new FormatException($"line {number} is not user:hash");
            if (PasswordHash.TryParse(line[(colon + 1)..].Trim()) is not { } hash)
                throw new FormatException($"line {number} has no hash that mosquitto_passwd or mkpasswd -m sha-512 writes ($6$… or $7$…)");
            if (!users.TryAdd(line[..colon], hash)) throw new FormatException($"line {number} has a user that stands in the file before");
        }
        return new PasswordFile(users.ToFrozenDictionary());
    }
}
