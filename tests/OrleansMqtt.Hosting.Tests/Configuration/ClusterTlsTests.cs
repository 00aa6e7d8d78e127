using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using OrleansMqtt.Hosting.Configuration;

namespace OrleansMqtt.Hosting.Tests.Configuration;

public sealed class ClusterTlsTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("orleansmqtt-hosts-");

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact]
    public void Certificates_are_read_and_allow_an_address_that_others_reach()
    {
        var (certificate, key) = Write("silo");
        var (authority, _) = Write("authority");
        var tls = Reading.Of(
            "--Cluster:Redis=redis.example", $"--Cluster:CertificateFile={certificate}", $"--Cluster:KeyFile={key}", $"--Cluster:CaFile={authority}", "--Cluster:ServerName=plant",
            "--Cluster:Bind=0.0.0.0:7000", "--Cluster:Advertise=silo-1.example:7000").Accepted().Cluster.Tls!;

        Assert.True(tls.Certificate.HasPrivateKey);
        Assert.Equal(("CN=silo", "CN=authority", "plant"), (tls.Certificate.Subject, Assert.Single(tls.Authorities).Subject, tls.ServerName));
    }

    [Fact]
    public void They_come_together_or_not_at_all()
    {
        var (certificate, key) = Write("silo");

        Assert.Equal(
            "Cluster:CaFile is empty; allowed is to set Cluster:CertificateFile, Cluster:KeyFile and Cluster:CaFile together, or none of them.",
            Reading.Of($"--Cluster:CertificateFile={certificate}", $"--Cluster:KeyFile={key}").Problem);
    }

    [Fact]
    public void A_key_of_another_certificate_is_refused()
    {
        var (certificate, _) = Write("silo");
        var (authority, key) = Write("authority");

        Assert.Equal(
            $"Cluster:CertificateFile is \"{certificate}\"; allowed is a file with a certificate in PEM whose private key is in Cluster:KeyFile.",
            Reading.Of($"--Cluster:CertificateFile={certificate}", $"--Cluster:KeyFile={key}", $"--Cluster:CaFile={authority}").Problem);
    }

    [Theory]
    [InlineData("")]
    [InlineData("no certificate")]
    public void A_file_without_a_certificate_is_refused(string content)
    {
        var (certificate, key) = Write("silo");
        var authority = Path.Combine(_directory.FullName, "other.pem");
        File.WriteAllText(authority, content);

        Assert.Equal(
            $"Cluster:CaFile is \"{authority}\"; allowed is a file with one or more certificates in PEM.",
            Reading.Of($"--Cluster:CertificateFile={certificate}", $"--Cluster:KeyFile={key}", $"--Cluster:CaFile={authority}").Problem);
    }

    [Fact]
    public void Without_them_an_address_that_others_reach_is_refused() => Assert.Equal(
        "Cluster:Bind is \"0.0.0.0:7000\", which other machines can reach, and without certificates whoever does is taken for a silo; allowed is a loopback address, or any with Cluster:CertificateFile or Authentication:AllowAnonymous=true.",
        Reading.Of("--Cluster:Redis=redis.example", "--Cluster:Bind=0.0.0.0:7000", "--Cluster:Advertise=silo-1.example:7000").Problem);

    private (string Certificate, string Key) Write(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256).CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(100));
        var files = (Path.Combine(_directory.FullName, $"{name}.pem"), Path.Combine(_directory.FullName, $"{name}.key"));
        File.WriteAllText(files.Item1, certificate.ExportCertificatePem());
        File.WriteAllText(files.Item2, key.ExportPkcs8PrivateKeyPem());
        return files;
    }
}
