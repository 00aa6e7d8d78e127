using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace OrleansMqtt.Security.Tests.Tokens;

/// <summary>Makes tokens without the library that reads them.</summary>
internal static class Token
{
    public static string Hs256(string payload, string secret, string header = """{"alg":"HS256","typ":"JWT"}""") =>
        Make(header, payload, signed => HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), signed));

    public static string Rs256(string payload, RSA key, string header = """{"alg":"RS256"}""") =>
        Make(header, payload, signed => key.SignData(signed, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));

    public static string Es256(string payload, ECDsa key, string header = """{"alg":"ES256"}""") => Make(header, payload, signed => key.SignData(signed, HashAlgorithmName.SHA256));

    public static string Make(string header, string payload, Func<byte[], byte[]> sign)
    {
        var signed = $"{Encode(Encoding.UTF8.GetBytes(header))}.{Encode(Encoding.UTF8.GetBytes(payload))}";
        return $"{signed}.{Encode(sign(Encoding.ASCII.GetBytes(signed)))}";
    }

    public static string Encode(byte[] bytes) => Base64Url.EncodeToString(bytes);
}
