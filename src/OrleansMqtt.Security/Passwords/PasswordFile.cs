using System.Collections.Frozen;

namespace OrleansMqtt.Security.Passwords;

/// <summary>A password file: lines <c>user:hash</c>; empty lines and those that begin with <c>#</c> are passed over. Immutable.</summary>
internal sealed class PasswordFile
{
    private readonly FrozenDictionary<string, PasswordHash> _users;

    internal PasswordFile(IReadOnlyDictionary<string, PasswordHash> users) => _users = users.ToFrozenDictionary();

    /// <summary>Number of users.</summary>
    public int Count => _users.Count;

    /// <summary>What is stored for a user; null when it is not in the file.</summary>
    public PasswordHash? Find(string user) => _users.GetValueOrDefault(user);

    /// <summary>
    /// What to compare with for a user that is not in the file, so that it takes as long as for one who is: the hash of somebody, for the same name the same one. Null when nobody is in the file.
    /// </summary>
    public PasswordHash? InPlaceOf(string unknown) => Count == 0 ? null : _users.Values[(int)((uint)unknown.GetHashCode(StringComparison.Ordinal) % (uint)Count)];

    /// <summary>Reads a file.</summary>
    /// <exception cref="FormatException">As at <see cref="Parse"/>.</exception>
    public static PasswordFile Load(string path) => Parse(File.ReadLines(path));

    /// <summary>Reads its lines.</summary>
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
            var text = line[(colon + 1)..].Trim();
            if (PasswordHash.TryParse(text) is not { } hash) throw new FormatException($"line {number} has {KindOf(text)}; allowed is what mosquitto_passwd or mkpasswd -m sha-512 writes ($6$… or $7$…)");
            if (!users.TryAdd(line[..colon], hash)) throw new FormatException($"line {number} has a user that stands in the file before");
        }
        return new PasswordFile(users);
    }

    private static string KindOf(string text) => text.Split('$') switch
    {
        ["", "2a" or "2b" or "2x" or "2y", ..] => "a bcrypt hash",
        ["", var kind, ..] when kind.StartsWith("argon2", StringComparison.Ordinal) => "an argon2 hash",
        _ => "no hash that is known",
    };
}
