using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace OrleansMqtt.Gateway.Listeners.Tls;

/// <summary>A list of an authority's revoked certificates (RFC 5280 section 5). The base class library builds such lists, but its chains take none from a file.</summary>
internal sealed class RevocationList
{
    private const string PemLabel = "X509 CRL";
    private const int IsCritical = 1;
    private readonly HashSet<string> _serials;
    private readonly X509Certificate2 _authority;

    private RevocationList(X509Certificate2 authority, HashSet<string> serials, DateTimeOffset? nextUpdate) => (_authority, _serials, NextUpdate) = (authority, serials, nextUpdate);

    /// <summary>When the authority issues the next one; null where it does not say.</summary>
    public DateTimeOffset? NextUpdate { get; }

    /// <summary>Reads all lists of a file.</summary>
    /// <param name="file">One list in DER, or any number in PEM.</param>
    /// <param name="authorities">Those who may have signed them.</param>
    /// <exception cref="CryptographicException">There is none, one is signed by somebody else, or it has a critical extension, which would have to be understood.</exception>
    /// <exception cref="AsnContentException">It is no such list.</exception>
    public static List<RevocationList> ReadAll(byte[] file, X509Certificate2Collection authorities)
    {
        var lists = new List<RevocationList>();
        var text = Encoding.UTF8.GetString(file).AsSpan();
        if (!text.Contains($"-----BEGIN {PemLabel}-----", StringComparison.Ordinal)) return [Read(file, authorities)];
        while (PemEncoding.TryFind(text, out var fields))
        {
            if (text[fields.Label] is PemLabel) lists.Add(Read(Convert.FromBase64String(text[fields.Base64Data].ToString()), authorities));
            text = text[fields.Location.End..];
        }
        return lists;
    }

    /// <summary>Whether it says so of a certificate that <paramref name="issuer"/> has issued.</summary>
    public bool Revokes(X509Certificate2 certificate, X509Certificate2 issuer) =>
        _serials.Contains(Convert.ToHexString(certificate.SerialNumberBytes.Span)) && HasKeyOf(issuer) && certificate.IssuerName.RawData.AsSpan().SequenceEqual(_authority.SubjectName.RawData);

    private static RevocationList Read(byte[] der, X509Certificate2Collection authorities)
    {
        // CertificateList ::= SEQUENCE { tbsCertList, signatureAlgorithm, signatureValue }
        var outer = new AsnReader(der, AsnEncodingRules.DER);
        var list = outer.ReadSequence();
        outer.ThrowIfNotEmpty();
        var signed = list.PeekEncodedValue();
        var content = list.ReadSequence();
        var algorithm = list.ReadSequence();
        var signature = list.ReadBitString(out _);
        list.ThrowIfNotEmpty();

        // version, signature, issuer, thisUpdate, nextUpdate, revokedCertificates, crlExtensions
        if (content.PeekTag() == Asn1Tag.Integer) content.ReadInteger();
        content.ReadSequence();
        var issuer = content.ReadEncodedValue();
        ReadTime(content);
        var next = IsTime(content) ? ReadTime(content) : (DateTimeOffset?)null;
        var serials = content.HasData && content.PeekTag() == Asn1Tag.Sequence ? ReadSerials(content.ReadSequence()) : [];
        if (content.HasData) RefuseCritical(content.ReadSequence(new Asn1Tag(TagClass.ContextSpecific, 0)).ReadSequence());

        var oid = algorithm.ReadObjectIdentifier();
        var authority = authorities.FirstOrDefault(candidate => candidate.SubjectName.RawData.AsSpan().SequenceEqual(issuer.Span) && CrlSignature.IsValid(candidate, oid, signed.Span, signature))
            ?? throw new CryptographicException("It is not signed by a known authority.");
        return new RevocationList(authority, serials, next);
    }

    private static HashSet<string> ReadSerials(AsnReader entries)
    {
        var serials = new HashSet<string>(StringComparer.Ordinal);
        while (entries.HasData)
        {
            var entry = entries.ReadSequence();
            serials.Add(Convert.ToHexString(entry.ReadIntegerBytes().Span));
            ReadTime(entry);
            // Among these is the one by which a list speaks for other authorities.
            if (entry.HasData) RefuseCritical(entry.ReadSequence());
        }
        return serials;
    }

    private static void RefuseCritical(AsnReader extensions)
    {
        while (extensions.HasData)
        {
            var extension = extensions.ReadSequence();
            var oid = extension.ReadObjectIdentifier();
            if (extension.PeekTag() is { TagClass: TagClass.Universal, TagValue: IsCritical } && extension.ReadBoolean())
                throw new CryptographicException($"It has the critical extension {oid}.");
        }
    }

    private static bool IsTime(AsnReader reader) => reader.HasData && reader.PeekTag() is var tag && (tag == Asn1Tag.UtcTime || tag == Asn1Tag.GeneralizedTime);

    private static DateTimeOffset ReadTime(AsnReader reader) => reader.PeekTag() == Asn1Tag.UtcTime ? reader.ReadUtcTime() : reader.ReadGeneralizedTime();

    private bool HasKeyOf(X509Certificate2 issuer) => issuer.PublicKey.ExportSubjectPublicKeyInfo().AsSpan().SequenceEqual(_authority.PublicKey.ExportSubjectPublicKeyInfo());
}
