using System.Security.Cryptography;
using Microsoft.IdentityModel.Tokens;

namespace OrleansMqtt.Security.Tokens;

/// <summary>
/// The signature algorithms of tokens, and which keys they are for. A token names its algorithm itself: one that is signed with a public key as if it were a shared secret would be taken,
/// if the key did not decide too.
/// </summary>
public static class JwtAlgorithms
{
    private const int LeastRsaBits = 2048;

    /// <summary>With a shared secret.</summary>
    public static IReadOnlyList<string> OfSecrets { get; } = ["HS256", "HS384", "HS512"];

    /// <summary>With a public key.</summary>
    public static IReadOnlyList<string> OfPublicKeys { get; } = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"];

    /// <summary>Those that keys of some form can have.</summary>
    public static IReadOnlyList<string> Of(JwtKeyForm form) => form switch
    {
        JwtKeyForm.Secret => OfSecrets,
        JwtKeyForm.PublicKey => OfPublicKeys,
        _ => [.. OfSecrets, .. OfPublicKeys],
    };

    /// <summary>Whether a key is of the kind and strength that an algorithm asks for (RFC 7518 sections 3.2 to 3.5).</summary>
    internal static bool Fits(string algorithm, SecurityKey key)
    {
        if (algorithm is not [var family, 'S', '2' or '3' or '5', _, _]) return false;
        var bits = algorithm[2..] switch { "256" => 256, "384" => 384, "512" => 512, _ => int.MaxValue };
        return family switch
        {
            'H' => key is SymmetricSecurityKey && key.KeySize >= bits,
            'R' or 'P' => key is RsaSecurityKey or X509SecurityKey { PublicKey: RSA } && key.KeySize >= LeastRsaBits,
            'E' => key is ECDsaSecurityKey or X509SecurityKey { PublicKey: ECDsa } && key.KeySize == (bits == 512 ? 521 : bits),
            _ => false,
        };
    }
}
