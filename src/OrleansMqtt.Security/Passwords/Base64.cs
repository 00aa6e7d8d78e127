namespace OrleansMqtt.Security.Passwords;

/// <summary>Base 64 in files that people write.</summary>
internal static class Base64
{
    /// <summary>The bytes; null when it is no base 64.</summary>
    public static byte[]? TryDecode(string text)
    {
        var bytes = new byte[text.Length];
        return Convert.TryFromBase64String(text, bytes, out var length) ? bytes[..length] : null;
    }
}
