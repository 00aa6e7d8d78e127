using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Security.Certificates;
using OrleansMqtt.Security.Tests.Support;

namespace OrleansMqtt.Security.Tests.Certificates;

public sealed class CertificateAuthenticatorTests
{
    private static readonly DateTimeOffset End = new(2031, 2, 3, 4, 5, 6, TimeSpan.Zero);

    [Theory]
    [InlineData(CertificateName.CommonName, "pump-7")]
    [InlineData(CertificateName.Subject, "CN=pump-7, OU=Plant, O=\"Example, Ltd\"")]
    [InlineData(CertificateName.Dns, "pump-7.example")]
    [InlineData(CertificateName.Email, "pump@example.org")]
    [InlineData(CertificateName.Uri, "urn:pump:7")]
    public async Task A_name_of_the_certificate_is_the_users_or_the_clients(CertificateName kind, string expected)
    {
        using var certificate = Make("CN=pump-7, OU=Plant, O=\"Example, Ltd\"");
        var user = await AskAsync(new CertificateOptions { UserName = kind }, certificate);
        Assert.Equal((expected, null, End), (user.Identity!.UserName, user.Identity.ClientId, user.Identity.ExpiresAt!.Value));
        var client = await AskAsync(new CertificateOptions { UserName = CertificateName.None, ClientId = kind }, certificate);
        Assert.Equal((null, expected), (client.Identity!.UserName, client.Identity.ClientId));
    }

    [Fact]
    public async Task Both_may_be_named_and_what_CONNECT_says_of_the_user_is_nothing()
    {
        using var certificate = Make("CN=pump-7");
        var result = await AskAsync(new CertificateOptions { ClientId = CertificateName.Dns }, certificate, "root");
        Assert.Equal(("pump-7", "pump-7.example"), (result.Identity!.UserName, result.Identity.ClientId));
    }

    [Fact]
    public async Task A_client_without_a_certificate_is_for_others() => Assert.Equal(AuthenticationResult.Next, await AskAsync(new CertificateOptions(), null));

    [Theory]
    [InlineData(CertificateName.CommonName)]
    [InlineData(CertificateName.Email)]
    [InlineData(CertificateName.Uri)]
    public async Task A_certificate_without_the_name_is_refused(CertificateName kind)
    {
        using var certificate = Make("O=Example", static names => names.AddDnsName("a.example"));
        var result = await AskAsync(new CertificateOptions { UserName = kind }, certificate);
        Assert.Equal((ReasonCode.NotAuthorized, $"a certificate without {kind}"), (result.Refusal, result.Reason));
        Assert.Equal(ReasonCode.NotAuthorized, (await AskAsync(new CertificateOptions { UserName = CertificateName.Dns, ClientId = kind }, certificate)).Refusal);
    }

    [Theory]
    [InlineData("admin\0.example")]
    [InlineData("admin\n")]
    public async Task A_name_with_control_characters_is_none(string name)
    {
        var builder = new X500DistinguishedNameBuilder();
        builder.AddCommonName(name);
        using var certificate = Make(builder.Build());
        Assert.Equal(ReasonCode.NotAuthorized, (await AskAsync(new CertificateOptions(), certificate)).Refusal);
    }

    [Fact]
    public async Task Alternative_names_that_are_malformed_are_refused()
    {
        using var certificate = Make(new X500DistinguishedName("CN=a"), new X509Extension("2.5.29.17", [0x30, 0x03, 0x82, 0x7F, 0x00], critical: false));
        var result = await AskAsync(new CertificateOptions { UserName = CertificateName.Dns }, certificate);
        Assert.Equal((ReasonCode.NotAuthorized, "a certificate whose names are malformed"), (result.Refusal, result.Reason));
    }

    private static async Task<AuthenticationResult> AskAsync(CertificateOptions options, X509Certificate2? certificate, string? user = null) =>
        await new CertificateAuthenticator(options).AuthenticateAsync(Requests.Of(user, null) with { Certificate = certificate }, TestContext.Current.CancellationToken);

    private static X509Certificate2 Make(string subject, Action<SubjectAlternativeNameBuilder>? addNames = null)
    {
        var names = new SubjectAlternativeNameBuilder();
        if (addNames is not null) addNames(names);
        else
        {
            names.AddIpAddress(System.Net.IPAddress.Loopback);
            names.AddUri(new Uri("urn:pump:7"));
            names.AddEmailAddress("pump@example.org");
            names.AddDnsName("pump-7.example");
            names.AddDnsName("another.example");
        }
        return Make(new X500DistinguishedName(subject), names.Build());
    }

    private static X509Certificate2 Make(X500DistinguishedName subject, params X509Extension[] extensions)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256);
        foreach (var extension in extensions) request.CertificateExtensions.Add(extension);
        return request.CreateSelfSigned(End.AddYears(-1), End);
    }
}
