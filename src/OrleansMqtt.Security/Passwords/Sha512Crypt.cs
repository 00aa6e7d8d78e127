using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace OrleansMqtt.Security.Passwords;

/// <summary>
/// <c>$6$[rounds=N$]salt$hash</c> of crypt(3): U. Drepper, "Unix crypt using SHA-256 and SHA-512". The framework has none, and no library of it that is kept up.
/// </summary>
internal sealed class Sha512Crypt(int rounds, byte[] salt, string hash) : PasswordHash
{
    private const int Size = SHA512.HashSizeInBytes;
    private const int DefaultRounds = 5_000, LeastRounds = 1_000, MostRounds = 10_000_000;
    private const int MaximumSalt = 16;
    private const int Characters = 86;
    private const string Alphabet = "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private const string RoundsPrefix = "rounds=";

    /// <summary>Null for another form.</summary>
    public static Sha512Crypt? TryParse(string[] parts)
    {
        var rounds = DefaultRounds;
        if (parts is [_, _, var first, _, _] && first.StartsWith(RoundsPrefix, StringComparison.Ordinal))
        {
            if (!int.TryParse(first.AsSpan(RoundsPrefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out rounds) || rounds is < LeastRounds or > MostRounds) return null;
            parts = [parts[0], parts[1], .. parts[3..]];
        }
        return parts is [_, _, { Length: > 0 and <= MaximumSalt } salt, { Length: Characters } hash] && hash.All(Alphabet.Contains)
            ? new Sha512Crypt(rounds, Encoding.UTF8.GetBytes(salt), hash)
            : null;
    }

    /// <inheritdoc/>
    public override bool Verify(ReadOnlySpan<byte> password) =>
        CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(Encode(Digest(password))), Encoding.ASCII.GetBytes(hash));

    private byte[] Digest(ReadOnlySpan<byte> password)
    {
        using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA512);
        var digest = First(sha, password);
        var repeatedPassword = Repeat(sha, password, password.Length, password.Length);
        var repeatedSalt = Repeat(sha, salt, 16 + digest[0], salt.Length);
        for (var round = 0; round < rounds; round++)
        {
            var isOdd = (round & 1) != 0;
            sha.AppendData(isOdd ? repeatedPassword : digest);
            if (round % 3 != 0) sha.AppendData(repeatedSalt);
            if (round % 7 != 0) sha.AppendData(repeatedPassword);
            sha.AppendData(isOdd ? digest : repeatedPassword);
            sha.GetHashAndReset(digest);
        }
        return digest;
    }

    private byte[] First(IncrementalHash sha, ReadOnlySpan<byte> password)
    {
        sha.AppendData(password);
        sha.AppendData(salt);
        sha.AppendData(password);
        var other = sha.GetHashAndReset();
        sha.AppendData(password);
        sha.AppendData(salt);
        for (var rest = password.Length; rest > 0; rest -= Size) sha.AppendData(other, 0, Math.Min(rest, Size));
        for (var bits = password.Length; bits > 0; bits >>= 1)
        {
            if ((bits & 1) != 0) sha.AppendData(other);
            else sha.AppendData(password);
        }
        return sha.GetHashAndReset();
    }

    // The digest of the text written so many times, written until it is as long.
    private static byte[] Repeat(IncrementalHash sha, ReadOnlySpan<byte> text, int times, int length)
    {
        for (var i = 0; i < times; i++) sha.AppendData(text);
        var digest = sha.GetHashAndReset();
        var result = new byte[length];
        for (var at = 0; at < length; at += Size) digest.AsSpan(0, Math.Min(Size, length - at)).CopyTo(result.AsSpan(at));
        return result;
    }

    private static string Encode(byte[] digest)
    {
        var text = new StringBuilder(Characters);
        // Three bytes that stand 21 apart are four characters; which of them comes first goes round.
        for (var i = 0; i < 21; i++)
        {
            var (a, b, c) = (digest[i], digest[i + 21], digest[i + 42]);
            Append((i % 3) switch { 0 => (a << 16) | (b << 8) | c, 1 => (b << 16) | (c << 8) | a, _ => (c << 16) | (a << 8) | b }, 4);
        }
        Append(digest[63], 2);
        return text.ToString();

        void Append(int bits, int count)
        {
            for (; count > 0; count--, bits >>= 6) text.Append(Alphabet[bits & 63]);
        }
    }
}
