using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.IdentityModel.Tokens;
using OrleansMqtt.Security.Tests.Support;
using OrleansMqtt.Security.Tokens;

namespace OrleansMqtt.Security.Tests.Tokens;

public sealed class JwtKeysTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Theory]
    [InlineData("HS256", 32, true)]
    [InlineData("HS256", 31, false)]
    [InlineData("HS384", 48, true)]
    [InlineData("HS384", 47, false)]
    [InlineData("HS512", 64, true)]
    [InlineData("HS512", 63, false)]
    public void A_secret_is_as_long_as_the_digest(string algorithm, int bytes, bool isTaken)
    {
        var path = _folder.Write("secret", new string('s', bytes) + "\r\n");
        if (isTaken) Assert.Equal(bytes * 8, Assert.Single(JwtKeys.Load(path, JwtKeyForm.Secret, [algorithm])).KeySize);
        else Assert.Equal($"there is no key in it that is strong enough for {algorithm}", Assert.Throws<FormatException>(() => JwtKeys.Load(path, JwtKeyForm.Secret, [algorithm])).Message);
    }

    [Fact]
    public void Certificates_have_keys_too()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        using var certificate = new CertificateRequest("CN=issuer", key, HashAlgorithmName.SHA256).CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(99));
        Assert.IsType<ECDsaSecurityKey>(Assert.Single(Load(certificate.ExportCertificatePem(), "ES384")));
    }

    [Fact]
    public void Keys_that_no_algorithm_is_for_are_left_out()
    {
        using var rsa = RSA.Create(2048);
        using var ecdsa = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var both = rsa.ExportSubjectPublicKeyInfoPem() + "\n" + ecdsa.ExportSubjectPublicKeyInfoPem();
        Assert.IsType<RsaSecurityKey>(Assert.Single(Load(both, "PS256")));
        Assert.IsType<ECDsaSecurityKey>(Assert.Single(Load(both, "ES256")));
        Assert.Throws<FormatException>(() => Load(both, "ES384"));
        Assert.Throws<FormatException>(() => Load(both, "HS256"));
    }

    [Fact]
    public void A_weak_key_is_none()
    {
        using var rsa = RSA.Create(1024);
        Assert.Throws<FormatException>(() => Load(rsa.ExportSubjectPublicKeyInfoPem(), "RS256"));
    }

    [Fact]
    public void A_private_key_does_not_belong_here()
    {
        using var ecdsa = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        Assert.Equal("it has a private key, which is the issuer's alone", Assert.Throws<FormatException>(() => Load(ecdsa.ExportPkcs8PrivateKeyPem(), "ES256")).Message);
    }

    [Theory]
    [InlineData("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----", "what is labelled PUBLIC KEY in it is no public key of RSA or ECDSA")]
    [InlineData("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----", "what is labelled CERTIFICATE in it is no public key of RSA or ECDSA")]
    [InlineData("s3cret", "it has no public key in PEM")]
    public void What_is_no_key_is_said(string text, string problem) => Assert.Equal(problem, Assert.Throws<FormatException>(() => Load(text, "RS256")).Message);

    [Theory]
    [InlineData("s3cret")]
    [InlineData("")]
    [InlineData("[]")]
    public void What_is_no_set_is_said_without_what_stands_in_it(string text)
    {
        var path = _folder.Write("set", text);
        Assert.DoesNotContain("s3cret", Assert.Throws<FormatException>(() => JwtKeys.Load(path, JwtKeyForm.KeySet, ["RS256"])).Message, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private IReadOnlyList<SecurityKey> Load(string pem, string algorithm) => JwtKeys.Load(_folder.Write("keys.pem", pem), JwtKeyForm.PublicKey, [algorithm]);
}
