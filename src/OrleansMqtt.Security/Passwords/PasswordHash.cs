namespace OrleansMqtt.Security.Passwords;

/// <summary>What is stored in place of a password.</summary>
internal abstract class PasswordHash
{
    /// <summary>Whether it was made of this password. Takes the same time for a wrong one, wherever it differs.</summary>
    public abstract bool Verify(ReadOnlySpan<byte> password);

    /// <summary>
    /// Reads one of the forms of mosquitto_passwd (<c>$6$</c>: SHA-512 of password and salt; <c>$7$</c>: PBKDF2 with SHA-512) or of crypt(3) (<c>$6$</c>: sha512-crypt, as
    /// <c>mkpasswd -m sha-512</c> writes it). Null when it is none of them.
    /// </summary>
    public static PasswordHash? TryParse(string text)
    {
        var parts = text.Split('$');
        if (parts is not ["", var kind, ..]) return null;
        return kind switch
        {
            "6" => SaltedSha512.TryParse(parts) ?? (PasswordHash?)Sha512Crypt.TryParse(parts),
            "7" => Pbkdf2Sha512.TryParse(parts),
            _ => null,
        };
    }
}
