using System.Buffers.Binary;
using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text;

namespace OrleansMqtt.Security.Scram;

/// <summary>A file of lines <c>user:SCRAM-SHA-256$…</c> as <see cref="ScramCredential"/> reads them; empty lines and those that begin with <c>#</c> are passed over. Immutable.</summary>
internal sealed class ScramFile
{
    private readonly FrozenDictionary<string, ScramCredential> _users;
    private readonly ScramCredential[] _inOrder;
    private readonly byte[] _pretenceKey;

    private ScramFile(Dictionary<string, ScramCredential> users, ScramCredential[] inOrder)
    {
        (_users, _inOrder) = (users.ToFrozenDictionary(), inOrder);
        // Of the first line, so that every gateway with this file pretends the same, after a restart and a change of other users too.
        _pretenceKey = inOrder.Length == 0 ? RandomNumberGenerator.GetBytes(ScramCredential.KeyBytes) : HMACSHA256.HashData(inOrder[0].ServerKey, "users that are not there"u8);
    }

    /// <summary>Number of users.</summary>
    public int Count => _users.Count;

    /// <summary>Reads a file.</summary>
    /// <exception cref="FormatException">As at <see cref="Parse"/>.</exception>
    public static ScramFile Load(string path) => Parse(File.ReadLines(path));

    /// <summary>Reads its lines.</summary>
    /// <exception cref="FormatException">A line is not understood: the message says which, without what stands in it.</exception>
    public static ScramFile Parse(IEnumerable<string> lines)
    {
        var (users, inOrder, number) = (new Dictionary<string, ScramCredential>(), new List<ScramCredential>(), 0);
        foreach (var line in lines)
        {
            number++;
            if (string.IsNullOrWhiteSpace(line) || line.StartsWith('#')) continue;
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon < 1 || ScramCredential.TryParse(line[(colon + 1)..].Trim()) is not { } credential)
                throw new FormatException($"line {number} is not user:SCRAM-SHA-256$iterations:salt$storedKey:serverKey with {ScramCredential.LeastIterations} iterations or more");
            var user = line[..colon];
            if (!ScramCredential.IsPrepared(user)) throw new FormatException($"line {number} has a user with other characters than printable ASCII");
            if (!users.TryAdd(user, credential)) throw new FormatException($"line {number} has a user that stands in the file before");
            inOrder.Add(credential);
        }
        return new ScramFile(users, [.. inOrder]);
    }

    /// <summary>What is stored for a user. For one who is not there, something that looks the same each time and that no password fits: who asks does not learn who is there.</summary>
    /// <param name="user">The user.</param>
    /// <param name="isKnown">Whether it is there.</param>
    public ScramCredential Find(string user, out bool isKnown)
    {
        isKnown = _users.TryGetValue(user, out var credential);
        return credential ?? Pretend(user);
    }

    private ScramCredential Pretend(string user)
    {
        var digest = HMACSHA256.HashData(_pretenceKey, Encoding.UTF8.GetBytes(user));
        var (iterations, saltBytes) = _inOrder.Length == 0
            ? (ScramCredential.DefaultIterations, ScramCredential.SaltBytes)
            : _inOrder[BinaryPrimitives.ReadUInt32LittleEndian(digest) % (uint)_inOrder.Length] is var like ? (like.Iterations, like.Salt.Length) : default;
        return new ScramCredential(
            iterations, HKDF.Expand(HashAlgorithmName.SHA256, digest, saltBytes, "salt"u8.ToArray()),
            RandomNumberGenerator.GetBytes(ScramCredential.KeyBytes), RandomNumberGenerator.GetBytes(ScramCredential.KeyBytes));
    }
}
