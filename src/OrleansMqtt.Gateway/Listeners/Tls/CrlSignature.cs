using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace OrleansMqtt.Gateway.Listeners.Tls;

/// <summary>Checks who has signed a list of revoked certificates: RSA (PKCS 1) or ECDSA with SHA-2.</summary>
internal static class CrlSignature
{
    /// <summary>Whether it is <paramref name="authority"/>.</summary>
    /// <param name="authority">The authority.</param>
    /// <param name="algorithm">Object identifier of the signature's algorithm; others than these are never valid.</param>
    /// <param name="signed">What is signed.</param>
    /// <param name="signature">The signature.</param>
    public static bool IsValid(X509Certificate2 authority, string algorithm, ReadOnlySpan<byte> signed, ReadOnlySpan<byte> signature)
    {
        switch (algorithm)
        {
            case "1.2.840.113549.1.1.11": return IsRsa(HashAlgorithmName.SHA256, signed, signature);
            case "1.2.840.113549.1.1.12": return IsRsa(HashAlgorithmName.SHA384, signed, signature);
            case "1.2.840.113549.1.1.13": return IsRsa(HashAlgorithmName.SHA512, signed, signature);
            case "1.2.840.10045.4.3.2": return IsEcdsa(HashAlgorithmName.SHA256, signed, signature);
            case "1.2.840.10045.4.3.3": return IsEcdsa(HashAlgorithmName.SHA384, signed, signature);
            case "1.2.840.10045.4.3.4": return IsEcdsa(HashAlgorithmName.SHA512, signed, signature);
            default: return false;
        }

        bool IsRsa(HashAlgorithmName hash, ReadOnlySpan<byte> signed, ReadOnlySpan<byte> signature)
        {
            using var key = authority.GetRSAPublicKey();
            return key?.VerifyData(signed, signature, hash, RSASignaturePadding.Pkcs1) == true;
        }

        bool IsEcdsa(HashAlgorithmName hash, ReadOnlySpan<byte> signed, ReadOnlySpan<byte> signature)
        {
            using var key = authority.GetECDsaPublicKey();
            return key?.VerifyData(signed, signature, hash, DSASignatureFormat.Rfc3279DerSequence) == true;
        }
    }
}
