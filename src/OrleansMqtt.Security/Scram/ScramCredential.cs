using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using OrleansMqtt.Security.Passwords;

namespace OrleansMqtt.Security.Scram;

/// <summary>What is stored of a user for SCRAM-SHA-256 (RFC 5802 section 3, RFC 7677): no password, and nothing that a client could show in its place.</summary>
/// <param name="Iterations">Of PBKDF2; the client's work, not the broker's.</param>
/// <param name="Salt">Of PBKDF2.</param>
/// <param name="StoredKey">By which the client is known.</param>
/// <param name="ServerKey">By which the client knows the broker.</param>
internal sealed record ScramCredential(int Iterations, byte[] Salt, byte[] StoredKey, byte[] ServerKey)
{
    /// <summary>The mechanism.</summary>
    public const string Mechanism = "SCRAM-SHA-256";

    /// <summary>RFC 7677 section 4.</summary>
    public const int LeastIterations = 4_096;

    /// <summary>A client asked for more could be gone before it has computed them.</summary>
    public const int MostIterations = 10_000_000;

    /// <summary>Of a new one.</summary>
    public const int DefaultIterations = 15_000;

    /// <summary>Bytes of a new one's salt.</summary>
    public const int SaltBytes = 16;

    /// <summary>Bytes of a key, a signature and a proof.</summary>
    public const int KeyBytes = SHA256.HashSizeInBytes;

    /// <summary>
    /// Whether SASLprep (RFC 4013) leaves a name or a password as it is. Of others nobody here knows what it makes of them: the framework has none, so they are refused, rather than compared
    /// with what clients make of them.
    /// </summary>
    public static bool IsPrepared(string text) => text.Length > 0 && text.All(static c => c is >= ' ' and <= '~');

    /// <summary>Reads the form of PostgreSQL: <c>SCRAM-SHA-256$iterations:salt$storedKey:serverKey</c>, in base 64. Null when it is none.</summary>
    public static ScramCredential? TryParse(string text) =>
        text.Split('$') is [Mechanism, var first, var second] && first.Split(':') is [var count, var salt] && second.Split(':') is [var stored, var server]
        && int.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out var iterations) && iterations is >= LeastIterations and <= MostIterations
        && Base64.TryDecode(salt) is { Length: > 0 } saltBytes && Base64.TryDecode(stored) is { Length: KeyBytes } storedKey && Base64.TryDecode(server) is { Length: KeyBytes } serverKey
            ? new ScramCredential(iterations, saltBytes, storedKey, serverKey)
            : null;

    /// <summary>Of a password, with a salt of its own.</summary>
    /// <param name="password">Text for which <see cref="IsPrepared"/> holds.</param>
    /// <param name="iterations">Of PBKDF2.</param>
    public static ScramCredential Of(string password, int iterations = DefaultIterations) => Of(password, RandomNumberGenerator.GetBytes(SaltBytes), iterations);

    /// <summary>Of a password and a salt.</summary>
    public static ScramCredential Of(string password, byte[] salt, int iterations)
    {
        var salted = Rfc2898DeriveBytes.Pbkdf2(Encoding.UTF8.GetBytes(password), salt, iterations, HashAlgorithmName.SHA256, KeyBytes);
        return new ScramCredential(iterations, salt, SHA256.HashData(HMACSHA256.HashData(salted, "Client Key"u8)), HMACSHA256.HashData(salted, "Server Key"u8));
    }

    /// <summary>As it stands in a file.</summary>
    public string Write() => string.Create(
        CultureInfo.InvariantCulture, $"{Mechanism}${Iterations}:{Convert.ToBase64String(Salt)}${Convert.ToBase64String(StoredKey)}:{Convert.ToBase64String(ServerKey)}");

    /// <summary>Without the keys.</summary>
    public override string ToString() => Mechanism;
}
