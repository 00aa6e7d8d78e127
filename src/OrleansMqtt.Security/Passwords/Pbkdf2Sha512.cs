using System.Globalization;
using System.Security.Cryptography;

namespace OrleansMqtt.Security.Passwords;

/// <summary><c>$7$iterations$salt$hash</c> of mosquitto_passwd since 2.0: PBKDF2 with SHA-512, salt and hash in base 64.</summary>
internal sealed class Pbkdf2Sha512(int iterations, byte[] salt, byte[] hash) : PasswordHash
{
    /// <summary>Of a new hash; mosquitto_passwd itself takes 101.</summary>
    public const int DefaultIterations = 210_000;

    /// <summary>A file that asks for more would keep a core busy for seconds with each CONNECT.</summary>
    public const int MaximumIterations = 10_000_000;

    private const int SaltBytes = 12;

    /// <summary>Null for another form.</summary>
    public static Pbkdf2Sha512? TryParse(string[] parts) =>
        parts is [_, _, var count, var salt, var hash]
        && int.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out var iterations) && iterations is > 0 and <= MaximumIterations
        && Base64.TryDecode(salt) is { Length: > 0 } saltBytes && Base64.TryDecode(hash) is { Length: SHA512.HashSizeInBytes } hashBytes
            ? new Pbkdf2Sha512(iterations, saltBytes, hashBytes)
            : null;

    /// <summary>A new one, with a salt of its own.</summary>
    public static Pbkdf2Sha512 Of(ReadOnlySpan<byte> password, int iterations = DefaultIterations)
    {
        var salt = RandomNumberGenerator.GetBytes(SaltBytes);
        return new Pbkdf2Sha512(iterations, salt, Derive(password, salt, iterations));
    }

    /// <inheritdoc/>
    public override bool Verify(ReadOnlySpan<byte> password) => CryptographicOperations.FixedTimeEquals(Derive(password, salt, iterations), hash);

    /// <summary>As it stands in a file. No <see cref="object.ToString"/>, which might end in a log.</summary>
    public string Write() => string.Create(CultureInfo.InvariantCulture, $"$7${iterations}${Convert.ToBase64String(salt)}${Convert.ToBase64String(hash)}");

    private static byte[] Derive(ReadOnlySpan<byte> password, byte[] salt, int iterations) =>
        Rfc2898DeriveBytes.Pbkdf2(password, salt, iterations, HashAlgorithmName.SHA512, SHA512.HashSizeInBytes);
}
