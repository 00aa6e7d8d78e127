using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace OrleansMqtt.Security.Certificates;

/// <summary>Reads names out of certificates.</summary>
internal static class CertificateNames
{
    private const string CommonName = "2.5.4.3";
    private const string AlternativeNames = "2.5.29.17";

    // Tags of GeneralName, RFC 5280 section 4.2.1.6.
    private const int Email = 1, Dns = 2, Uri = 6;

    /// <summary>A name; null where the certificate has none of this kind, or what it has is empty or holds a control character.</summary>
    /// <exception cref="CryptographicException">The certificate is malformed.</exception>
    public static string? Read(X509Certificate2 certificate, CertificateName kind)
    {
        var name = kind switch
        {
            CertificateName.CommonName => ReadCommonName(certificate.SubjectName),
            CertificateName.Subject => certificate.Subject,
            CertificateName.Dns => ReadAlternative(certificate, Dns),
            CertificateName.Email => ReadAlternative(certificate, Email),
            CertificateName.Uri => ReadAlternative(certificate, Uri),
            _ => null,
        };
        // "admin\0.example" is not admin, and no text of the protocol has such characters.
        return name is { Length: > 0 } && !name.Any(char.IsControl) ? name : null;
    }

    private static string? ReadCommonName(X500DistinguishedName subject) => subject.EnumerateRelativeDistinguishedNames(reversed: false)
        .FirstOrDefault(static part => !part.HasMultipleElements && part.GetSingleElementType().Value == CommonName)?.GetSingleElementValue();

    // The framework reads DNS names and addresses alone.
    private static string? ReadAlternative(X509Certificate2 certificate, int tag)
    {
        if (certificate.Extensions.FirstOrDefault(static e => e.Oid?.Value == AlternativeNames) is not { } extension) return null;
        try
        {
            var names = new AsnReader(extension.RawData, AsnEncodingRules.DER).ReadSequence();
            while (names.HasData)
            {
                var wanted = new Asn1Tag(TagClass.ContextSpecific, tag);
                if (names.PeekTag().HasSameClassAndValue(wanted)) return names.ReadCharacterString(UniversalTagNumber.IA5String, wanted);
                names.ReadEncodedValue();
            }
            return null;
        }
        catch (AsnContentException exception)
        {
            throw new CryptographicException("The subject alternative names are malformed.", exception);
        }
    }
}
