using System.Security.Cryptography;
using OrleansMqtt.Security.Certificates;
using OrleansMqtt.Security.Hooks;
using OrleansMqtt.Security.Tokens;

namespace OrleansMqtt.Hosting.Tests.Configuration;

public sealed class AuthenticatorTests : IDisposable
{
    private const string Mosquitto7 = "$7$101$qPU7S+X0bU/Hr5sh$8KtRZJQQsqiFeureDRxLaj0VleFE+D0lwnmKGx3q0sk1fM04nvy20zv8BeHSNqbbZREnumhVvzTxxIE+RxZM/g==";

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("orleansmqtt-hosts-");

    [Fact]
    public void Without_configuration_there_is_none()
    {
        Assert.Empty(Reading.Of().Accepted().Authenticators.Names);
        Assert.Empty(Reading.Of("--Authentication:ScramFile=", "--Authentication:Jwt:JwksFile=", "--Authentication:Http:Url=", "--Authentication:Certificate:UserName=None").Accepted().Authenticators.Names);
    }

    [Fact]
    public void Those_that_are_configured_have_their_order()
    {
        var settings = Reading.Of(
            $"--Authentication:PasswordFile={File("users", "joe:" + Mosquitto7)}", $"--Authentication:ScramFile={File("scram", "# nobody yet")}", $"--Authentication:Jwt:SecretFile={Secret()}",
            "--Authentication:Certificate:ClientId=Dns", "--Authentication:Http:Url=https://auth.example/mqtt").Accepted().Authenticators;
        Assert.Equal(["certificate", "scram", "jwt", "password", "http"], settings.Names);
        Assert.Equal(new CertificateOptions { UserName = CertificateName.None, ClientId = CertificateName.Dns }, settings.Certificates);
        Assert.Equal(new HttpHookOptions(new Uri("https://auth.example/mqtt")), settings.Hook);
        Assert.Equal(["HS256"], settings.Tokens!.Algorithms);
    }

    [Fact]
    public void Tokens_are_taken_as_set()
    {
        var keys = File("keys.pem", RSA.Create(2048).ExportSubjectPublicKeyInfoPem());
        var tokens = Reading.Of(
            $"--Authentication:Jwt:PublicKeyFile={keys}", "--Authentication:Jwt:Algorithms=RS384, PS256", "--Authentication:Jwt:Issuer=a,b", "--Authentication:Jwt:Audience=c", "--Authentication:Jwt:ClockSkewSeconds=5",
            "--Authentication:Jwt:UserClaim=name", "--Authentication:Jwt:ClientIdClaim=device", "--Authentication:Jwt:PermissionsClaim=may", "--Authentication:Jwt:RequireExpiry=false").Accepted().Authenticators.Tokens!;
        Assert.Equal((keys, JwtKeyForm.PublicKey, TimeSpan.FromSeconds(5), "name", "device", "may", false),
            (tokens.KeyFile, tokens.KeyForm, tokens.ClockSkew, tokens.UserClaim, tokens.ClientIdClaim, tokens.PermissionsClaim, tokens.RequireExpiry));
        Assert.Equal(["RS384", "PS256"], tokens.Algorithms);
        Assert.Equal(["a", "b"], tokens.Issuers);
        Assert.Equal(["c"], tokens.Audiences);
    }

    [Fact]
    public void A_hook_is_asked_as_set() => Assert.Equal(
        new HttpHookOptions(new Uri("http://127.0.0.1:1/")) { Timeout = TimeSpan.FromMilliseconds(50), Cache = TimeSpan.FromSeconds(3), MaxConcurrent = 2, Break = TimeSpan.FromSeconds(4), IgnoreFailures = true },
        Reading.Of(
            "--Authentication:Http:Url=http://127.0.0.1:1/", "--Authentication:Http:TimeoutMilliseconds=50", "--Authentication:Http:CacheSeconds=3", "--Authentication:Http:MaxConcurrent=2",
            "--Authentication:Http:BreakSeconds=4", "--Authentication:Http:WhenFailing=ignore").Accepted().Authenticators.Hook);

    [Theory]
    [InlineData("Authentication:Certificate:UserName=Name", "Authentication:Certificate:UserName is \"Name\"; allowed is None, CommonName, Subject, Dns, Email or Uri.")]
    [InlineData("Authentication:Http:Url=ftp://x", "Authentication:Http:Url is not an absolute URL of http or https without user name, password and fragment; allowed is one as in https://auth.example/mqtt.")]
    [InlineData("Authentication:Http:Url=http://a:s3cret@x", "Authentication:Http:Url is not an absolute URL of http or https without user name, password and fragment; allowed is one as in https://auth.example/mqtt.")]
    [InlineData("Authentication:Http:CacheSeconds=5", "Authentication:Http:CacheSeconds is set, but no server to ask; allowed is with Authentication:Http:Url beside it.")]
    [InlineData("Authentication:Http:TimeoutMilliseconds=9", "Authentication:Http:TimeoutMilliseconds is \"9\"; allowed is a whole number from 10 to 60000.")]
    [InlineData("Authentication:Http:WhenFailing=Allow", "Authentication:Http:WhenFailing is \"Allow\"; allowed is Deny or Ignore.")]
    [InlineData("Authentication:Jwt:Issuer=x", "Authentication:Jwt:Issuer is set, but no keys that verify tokens; allowed is with one of SecretFile, PublicKeyFile, JwksFile beside it.")]
    [InlineData("Authentication:Jwt:Issuer=x,", "Authentication:Jwt:Issuer is \"x,\"; allowed is a list with commas between its members.")]
    [InlineData("Authentication:Jwt:Algorithms=none", "Authentication:Jwt:Algorithms is \"none\"; allowed is one or more of HS256, HS384, HS512, RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384, ES512.")]
    public void Others_are_refused_with_one_sentence(string setting, string sentence) => Assert.Equal(sentence, Reading.Of("--" + setting).Problem);

    [Theory]
    [InlineData("PasswordFile", "joe:$2b$12$abcdefghijklmnopqrstuv", "line 1 has a bcrypt hash; allowed is what mosquitto_passwd or mkpasswd -m sha-512 writes ($6$… or $7$…)")]
    [InlineData("ScramFile", "joe:s3cret", "line 1 is not user:SCRAM-SHA-256$iterations:salt$storedKey:serverKey with 4096 iterations or more")]
    [InlineData("Jwt:SecretFile", "s3cret", "there is no key in it that is strong enough for HS256")]
    [InlineData("Jwt:PublicKeyFile", "s3cret", "it has no public key in PEM")]
    [InlineData("Jwt:JwksFile", "s3cret", "it is no JSON Web Key Set")]
    [InlineData("Jwt:JwksFile", "{\"keys\":[]}", "there is no key in it that is strong enough for RS256 or ES256")]
    public void A_file_that_cannot_be_used_is_named_with_the_reason(string key, string text, string reason)
    {
        var file = File("file", text);
        Assert.Equal($"Authentication:{key} is \"{file}\", which cannot be used: {reason}.", Reading.Of($"--Authentication:{key}={file}").Problem);
    }

    [Theory]
    [InlineData("PasswordFile")]
    [InlineData("ScramFile")]
    [InlineData("Jwt:SecretFile")]
    public void A_file_that_is_not_there_is_named(string key)
    {
        var file = Path.Combine(_directory.FullName, "none");
        Assert.StartsWith($"Authentication:{key} is \"{file}\", which cannot be used: Could not find file", Reading.Of($"--Authentication:{key}={file}").Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_public_key_is_no_shared_secret() => Assert.Equal(
        "Authentication:Jwt:Algorithms is \"HS256\"; allowed is one or more of RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384, ES512.",
        Reading.Of($"--Authentication:Jwt:PublicKeyFile={File("keys.pem", RSA.Create(2048).ExportSubjectPublicKeyInfoPem())}", "--Authentication:Jwt:Algorithms=HS256").Problem);

    [Fact]
    public void Keys_come_from_one_file() => Assert.Equal(
        "Authentication:Jwt:JwksFile is set, but Authentication:Jwt:SecretFile names the keys already; allowed is one of SecretFile, PublicKeyFile, JwksFile.",
        Reading.Of($"--Authentication:Jwt:SecretFile={Secret()}", "--Authentication:Jwt:JwksFile=x").Problem);

    public void Dispose() => _directory.Delete(recursive: true);

    private string Secret() => File("secret", new string('s', 32));

    private string File(string name, string text)
    {
        var path = Path.Combine(_directory.FullName, name);
        System.IO.File.WriteAllText(path, text);
        return path;
    }
}
