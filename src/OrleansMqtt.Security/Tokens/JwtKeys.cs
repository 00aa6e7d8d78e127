using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.IdentityModel.Tokens;

namespace OrleansMqtt.Security.Tokens;

/// <summary>Reads files of keys.</summary>
internal static class JwtKeys
{
    private const int LargestSet = 1024 * 1024;

    /// <summary>The keys of a file that one of the algorithms can be used with; at least one.</summary>
    /// <exception cref="FormatException">There is none, or the file is not understood. The message has nothing that stands in it.</exception>
    public static IReadOnlyList<SecurityKey> Load(string path, JwtKeyForm form, IReadOnlyList<string> algorithms)
    {
        var keys = form switch
        {
            JwtKeyForm.Secret => [new SymmetricSecurityKey(ReadSecret(path))],
            JwtKeyForm.PublicKey => ReadPem(File.ReadAllText(path)),
            _ => ReadSet(path),
        };
        var usable = keys.Where(key => algorithms.Any(algorithm => JwtAlgorithms.Fits(algorithm, key))).ToArray();
        return usable.Length > 0 ? usable : throw new FormatException($"there is no key in it that is strong enough for {string.Join(" or ", algorithms)}");
    }

    private static byte[] ReadSecret(string path)
    {
        var bytes = File.ReadAllBytes(path).AsSpan();
        if (bytes.EndsWith("\n"u8)) bytes = bytes[..^1];
        if (bytes.EndsWith("\r"u8)) bytes = bytes[..^1];
        return bytes.Length > 0 ? bytes.ToArray() : throw new FormatException("it is empty");
    }

    private static List<SecurityKey> ReadPem(string text)
    {
        var keys = new List<SecurityKey>();
        for (var rest = text.AsSpan(); PemEncoding.TryFind(rest, out var fields); rest = rest[fields.Location.End..])
        {
            var pem = rest[fields.Location];
            var label = rest[fields.Label].ToString();
            if (label.EndsWith("PRIVATE KEY", StringComparison.Ordinal)) throw new FormatException("it has a private key, which is the issuer's alone");
            keys.Add(ReadPem(pem, label) ?? throw new FormatException($"what is labelled {label} in it is no public key of RSA or ECDSA"));
        }
        return keys.Count > 0 ? keys : throw new FormatException("it has no public key in PEM");
    }

    private static SecurityKey? ReadPem(ReadOnlySpan<char> pem, string label)
    {
        try
        {
            if (label != "CERTIFICATE") return TryImport(RSA.Create(), pem, static rsa => new RsaSecurityKey(rsa)) ?? TryImport(ECDsa.Create(), pem, static ecdsa => new ECDsaSecurityKey(ecdsa));
            var certificate = X509Certificate2.CreateFromPem(pem);
            if (certificate.GetRSAPublicKey() is { } rsa) return new RsaSecurityKey(rsa);
            return certificate.GetECDsaPublicKey() is { } ecdsa ? new ECDsaSecurityKey(ecdsa) : null;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    private static SecurityKey? TryImport<T>(T algorithm, ReadOnlySpan<char> pem, Func<T, SecurityKey> wrap)
        where T : AsymmetricAlgorithm
    {
        try
        {
            algorithm.ImportFromPem(pem);
            return wrap(algorithm);
        }
        catch (Exception exception) when (exception is CryptographicException or ArgumentException)
        {
            // Of the other kind.
            algorithm.Dispose();
            return null;
        }
    }

    private static IList<SecurityKey> ReadSet(string path)
    {
        if (new FileInfo(path).Length > LargestSet) throw new FormatException("it is larger than a set of keys can be");
        var text = File.ReadAllText(path, Encoding.UTF8);
        try
        {
            // The library leaves out what is not for signatures, and what it does not know.
            return new JsonWebKeySet(text).GetSigningKeys();
        }
        catch (Exception exception) when (exception is ArgumentException or System.Text.Json.JsonException or FormatException or CryptographicException)
        {
            throw new FormatException("it is no JSON Web Key Set", exception);
        }
    }
}
