using System.Security.Cryptography;

namespace OrleansMqtt.Security.Passwords;

/// <summary><c>$6$salt$hash</c> of mosquitto_passwd before 2.0: SHA-512 of the password and then the salt, both parts in base 64.</summary>
internal sealed class SaltedSha512(byte[] salt, byte[] hash) : PasswordHash
{
    /// <summary>Null for another form; crypt(3) has the same number.</summary>
    public static SaltedSha512? TryParse(string[] parts) =>
        parts is [_, _, var salt, var hash] && Base64.TryDecode(salt) is { Length: > 0 } saltBytes && Base64.TryDecode(hash) is { Length: SHA512.HashSizeInBytes } hashBytes
            ? new SaltedSha512(saltBytes, hashBytes)
            : null;

    /// <inheritdoc/>
    public override bool Verify(ReadOnlySpan<byte> password)
    {
        using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA512);
        sha.AppendData(password);
        sha.AppendData(salt);
        return CryptographicOperations.FixedTimeEquals(sha.GetHashAndReset(), hash);
    }
}
