using System.Security.Cryptography;
using System.Text;

namespace OrleansMqtt.Security.Tests.Scram;

/// <summary>A client's side of SCRAM-SHA-256, written after RFC 5802 section 3.</summary>
internal sealed class ScramClient(string user, string password, string header = "n,,", string nonce = "fyko+d2lbbFgONRv9qkxdawL")
{
    private string _signed = "";
    private byte[] _salted = [];

    private string Bare => $"n={user.Replace("=", "=3D", StringComparison.Ordinal).Replace(",", "=2C", StringComparison.Ordinal)},r={nonce}";

    public byte[] First => Encoding.UTF8.GetBytes(header + Bare);

    public byte[] Last(ReadOnlyMemory<byte>? challenge)
    {
        var text = Encoding.UTF8.GetString(challenge!.Value.Span);
        var fields = text.Split(',');
        Assert.StartsWith("r=" + nonce, fields[0], StringComparison.Ordinal);
        _salted = Rfc2898DeriveBytes.Pbkdf2(Encoding.UTF8.GetBytes(password), Convert.FromBase64String(fields[1][2..]), int.Parse(fields[2][2..], null), HashAlgorithmName.SHA256, 32);
        var withoutProof = $"c={Convert.ToBase64String(Encoding.UTF8.GetBytes(header))},{fields[0]}";
        _signed = $"{Bare},{text},{withoutProof}";
        var key = HMACSHA256.HashData(_salted, "Client Key"u8);
        var signature = HMACSHA256.HashData(SHA256.HashData(key), Encoding.UTF8.GetBytes(_signed));
        return Encoding.UTF8.GetBytes($"{withoutProof},p={Convert.ToBase64String([.. key.Zip(signature, static (a, b) => (byte)(a ^ b))])}");
    }

    /// <summary>What the server has to answer, which nobody can who does not know the user.</summary>
    public string Verifier => "v=" + Convert.ToBase64String(HMACSHA256.HashData(HMACSHA256.HashData(_salted, "Server Key"u8), Encoding.UTF8.GetBytes(_signed)));
}
