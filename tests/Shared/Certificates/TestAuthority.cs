using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace OrleansMqtt.Tests;

/// <summary>An authority of a test's own, and the files of what it has issued. The files go when it is disposed of.</summary>
internal sealed class TestAuthority : IDisposable
{
    private readonly DateTimeOffset _now = TimeProvider.System.GetUtcNow();
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly CertificateRevocationListBuilder _revoked = new();
    private int _number;

    public TestAuthority(string name = "authority", bool isRsa = false)
    {
        Rsa = isRsa ? RSA.Create(2048) : null;
        var request = Request(name, _key, Rsa);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        Certificate = request.CreateSelfSigned(_now.AddDays(-1), _now.AddDays(1000));
        CaFile = Write("ca.pem", Certificate.ExportCertificatePem());
    }

    private RSA? Rsa { get; }

    public X509Certificate2 Certificate { get; }

    public DirectoryInfo Folder { get; } = Directory.CreateTempSubdirectory("orleansmqtt-certificates-");

    public string CaFile { get; }

    public string Path(string file) => System.IO.Path.Combine(Folder.FullName, file);

    public string Write(string file, string text)
    {
        File.WriteAllText(Path(file), text);
        return Path(file);
    }

    /// <summary>A certificate for localhost, or for another host, with its key.</summary>
    public (X509Certificate2 Certificate, string CertificateFile, string KeyFile) IssueServer(string host = "localhost", string? file = null, DateTimeOffset? end = null) =>
        Issue(host, file ?? host.Replace("*", "any"), "1.3.6.1.5.5.7.3.1", end);

    /// <summary>A certificate of a client, with its key.</summary>
    public (X509Certificate2 Certificate, string CertificateFile, string KeyFile) IssueClient(string name) => Issue(name, name, "1.3.6.1.5.5.7.3.2", null);

    public void Revoke(X509Certificate2 certificate) => _revoked.AddEntry(certificate);

    /// <summary>The list of what is revoked.</summary>
    public string WriteCrl(bool asPem = true, DateTimeOffset? nextUpdate = null)
    {
        var next = nextUpdate ?? _now.AddDays(30);
        var identifier = X509AuthorityKeyIdentifierExtension.CreateFromCertificate(Certificate, true, false);
        var der = Rsa is null
            ? _revoked.Build(Certificate.SubjectName, X509SignatureGenerator.CreateForECDsa(_key), ++_number, next, HashAlgorithmName.SHA256, identifier, next.AddDays(-60))
            : _revoked.Build(Certificate.SubjectName, X509SignatureGenerator.CreateForRSA(Rsa, RSASignaturePadding.Pkcs1), ++_number, next, HashAlgorithmName.SHA384, identifier, next.AddDays(-60));
        File.WriteAllBytes(Path("crl"), asPem ? System.Text.Encoding.ASCII.GetBytes(PemEncoding.WriteString("X509 CRL", der)) : der);
        return Path("crl");
    }

    public void Dispose()
    {
        Folder.Delete(recursive: true);
        Certificate.Dispose();
        _key.Dispose();
        Rsa?.Dispose();
    }

    private (X509Certificate2 Certificate, string CertificateFile, string KeyFile) Issue(string name, string file, string purpose, DateTimeOffset? end)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = Request(name, key, null);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name);
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(purpose)], false));
        var serial = RandomNumberGenerator.GetBytes(8);
        serial[0] = (byte)((serial[0] & 0x7F) | 1);
        var last = end ?? _now.AddDays(300);
        var first = last < _now ? last.AddDays(-90) : _now.AddDays(-1);
        var signer = Rsa is null ? X509SignatureGenerator.CreateForECDsa(_key) : X509SignatureGenerator.CreateForRSA(Rsa, RSASignaturePadding.Pkcs1);
        using var bare = request.Create(Certificate.SubjectName, signer, first, last, serial);
        var certificate = bare.CopyWithPrivateKey(key);
        return (certificate, Write($"{file}.crt", certificate.ExportCertificatePem()), Write($"{file}.key", key.ExportPkcs8PrivateKeyPem()));
    }

    private static CertificateRequest Request(string name, ECDsa key, RSA? rsa) => rsa is null
        ? new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256)
        : new CertificateRequest($"CN={name}", rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
}
