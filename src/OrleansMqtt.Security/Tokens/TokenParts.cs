using System.Text.Json;
using Microsoft.IdentityModel.Tokens;

namespace OrleansMqtt.Security.Tokens;

/// <summary>The parts of a token, not verified.</summary>
internal static class TokenParts
{
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    /// <summary>
    /// Whether a password is meant as a token: parts with dots between, of which the first one is a JSON object with an algorithm in base 64. One without a signature is meant so too, and
    /// belongs to be refused.
    /// </summary>
    public static bool LooksLikeToken(string password)
    {
        var dot = password.IndexOf('.', StringComparison.Ordinal);
        if (dot < 1 || password.IndexOf('.', dot + 1) < 0) return false;
        using var header = TryRead(password[..dot]);
        return header?.RootElement is { ValueKind: JsonValueKind.Object } root && root.TryGetProperty("alg", out _);
    }

    /// <summary>Whether a header asks for extensions, which have to be understood (RFC 7515 section 4.1.11), and of which none is.</summary>
    public static bool AsksForExtensions(string encodedHeader)
    {
        using var header = TryRead(encodedHeader);
        return header is null || header.RootElement.TryGetProperty("crit", out _);
    }

    /// <summary>An object in JSON in base 64; null where it is none, or names something twice: another reader might see the other one.</summary>
    public static JsonDocument? TryRead(string encoded)
    {
        try
        {
            var document = JsonDocument.Parse(Base64UrlEncoder.DecodeBytes(encoded), Strict);
            if (document.RootElement.ValueKind == JsonValueKind.Object) return document;
            document.Dispose();
            return null;
        }
        catch (Exception exception) when (exception is JsonException or FormatException)
        {
            return null;
        }
    }
}
