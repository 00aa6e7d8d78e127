using System.Security.Cryptography;
using System.Text;
using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Security.Tests.Support;
using OrleansMqtt.Security.Tokens;
using OrleansMqtt.Tests;

namespace OrleansMqtt.Security.Tests.Tokens;

public sealed class JwtAuthenticatorTests : IDisposable
{
    private const string Secret = "0123456789abcdef0123456789abcdef";

    private readonly TemporaryFolder _folder = new();
    private readonly ManualTimeProvider _time = new();

    [Fact]
    public async Task A_token_says_who_the_client_is_and_until_when()
    {
        var result = await AskAsync(WithSecret(), Token.Hs256(Claims(), Secret));
        Assert.Equal(("joe", null, At(90), null), (result.Identity!.UserName, result.Identity.ClientId, result.Identity.ExpiresAt, result.Identity.Permissions));
        Assert.Equal("joe", (await AskAsync(WithSecret(), Token.Hs256(Claims(), Secret), "joe")).Identity!.UserName);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("s3cret")]
    [InlineData("a.b.c")]
    [InlineData("e30.e30.e30")]
    [InlineData("pässwörd.pässwörd.x")]
    [InlineData("eyJhbGciOiJIUzI1NiJ9")]
    public async Task A_password_that_is_no_token_is_for_others(string? password) => Assert.Equal(AuthenticationResult.Next, await AskAsync(WithSecret(), password, "joe"));

    [Fact]
    public async Task Public_keys_of_RSA_and_ECDSA_verify()
    {
        using var rsa = RSA.Create(2048);
        using var ecdsa = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var options = WithPem(rsa.ExportSubjectPublicKeyInfoPem() + "\n" + ecdsa.ExportSubjectPublicKeyInfoPem());
        Assert.Equal("joe", (await AskAsync(options, Token.Rs256(Claims(), rsa))).Identity?.UserName);
        Assert.Equal("joe", (await AskAsync(options, Token.Es256(Claims(), ecdsa))).Identity?.UserName);
        using var others = RSA.Create(2048);
        AssertRefused(await AskAsync(options, Token.Rs256(Claims(), others)), "a token that no known key has signed with an algorithm that is allowed");
    }

    [Fact]
    public async Task Keys_of_a_set_verify_by_name_and_without_one()
    {
        using var rsa = RSA.Create(2048);
        using var ecdsa = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var (r, e) = (rsa.ExportParameters(false), ecdsa.ExportParameters(false));
        var options = WithSet($$"""
            {"keys":[{"kty":"RSA","kid":"r","use":"sig","n":"{{Token.Encode(r.Modulus!)}}","e":"{{Token.Encode(r.Exponent!)}}"},
                     {"kty":"EC","kid":"e","crv":"P-256","x":"{{Token.Encode(e.Q.X!)}}","y":"{{Token.Encode(e.Q.Y!)}}"}]}
            """);
        Assert.Equal("joe", (await AskAsync(options, Token.Rs256(Claims(), rsa, """{"alg":"RS256","kid":"r"}"""))).Identity?.UserName);
        Assert.Equal("joe", (await AskAsync(options, Token.Es256(Claims(), ecdsa, """{"alg":"ES256","kid":"e"}"""))).Identity?.UserName);
        Assert.Equal("joe", (await AskAsync(options, Token.Rs256(Claims(), rsa))).Identity?.UserName);
    }

    [Theory]
    [InlineData("""{"alg":"none"}""")]
    [InlineData("""{"alg":"None"}""")]
    [InlineData("""{"alg":"NONE","typ":"JWT"}""")]
    [InlineData("""{"alg":""}""")]
    public async Task A_token_without_a_signature_is_refused(string header)
    {
        AssertRefused(await AskAsync(WithSecret(), Token.Make(header, Claims(), static _ => [])));
        AssertRefused(await AskAsync(WithSecret(), Token.Make(header, Claims(), static _ => [1])));
    }

    /// <summary>The public key is known to everybody. Who uses it as if it were the secret of HS256 signs as he likes, if the verifier believes the token's own algorithm.</summary>
    [Fact]
    public async Task A_token_that_is_signed_with_the_public_key_as_a_secret_is_refused()
    {
        using var rsa = RSA.Create(2048);
        var pem = rsa.ExportSubjectPublicKeyInfoPem();
        // Allowed on purpose, as a careless operator would.
        var options = WithPem(pem) with { Algorithms = ["HS256", "RS256", "ES256"] };
        foreach (var secret in new[] { Encoding.ASCII.GetBytes(pem), Encoding.ASCII.GetBytes(pem + "\n"), rsa.ExportSubjectPublicKeyInfo(), rsa.ExportRSAPublicKey(), rsa.ExportParameters(false).Modulus! })
            AssertRefused(await AskAsync(options, Token.Make("""{"alg":"HS256"}""", Claims(), signed => HMACSHA256.HashData(secret, signed))));
        Assert.NotNull((await AskAsync(options, Token.Rs256(Claims(), rsa))).Identity);

        var parameters = rsa.ExportParameters(false);
        var set = WithSet($$"""{"keys":[{"kty":"RSA","kid":"r","n":"{{Token.Encode(parameters.Modulus!)}}","e":"AQAB"}]}""") with { Algorithms = ["HS256", "RS256"] };
        AssertRefused(await AskAsync(set, Token.Make("""{"alg":"HS256","kid":"r"}""", Claims(), signed => HMACSHA256.HashData(parameters.Modulus!, signed))));
    }

    [Fact]
    public async Task An_algorithm_that_is_not_configured_is_refused()
    {
        using var rsa = RSA.Create(2048);
        var options = WithPem(rsa.ExportSubjectPublicKeyInfoPem()) with { Algorithms = ["RS512"] };
        AssertRefused(await AskAsync(options, Token.Rs256(Claims(), rsa)));
        Assert.NotNull((await AskAsync(options, Token.Make("""{"alg":"RS512"}""", Claims(), signed => rsa.SignData(signed, HashAlgorithmName.SHA512, RSASignaturePadding.Pkcs1)))).Identity);
    }

    [Fact]
    public async Task A_token_whose_claims_were_changed_is_refused()
    {
        var parts = Token.Hs256(Claims(), Secret).Split('.');
        parts[1] = Token.Encode(Encoding.UTF8.GetBytes(Claims().Replace("joe", "ann", StringComparison.Ordinal)));
        AssertRefused(await AskAsync(WithSecret(), string.Join('.', parts)));
        AssertRefused(await AskAsync(WithSecret(), Token.Hs256(Claims(), Secret + "x")));
    }

    [Theory]
    [InlineData(89, true)]
    [InlineData(90, false)]
    public async Task A_token_ends_with_the_skew_of_clocks_after_its_end(int second, bool isTaken)
    {
        var token = Token.Hs256(Claims(), Secret);
        _time.Advance(TimeSpan.FromSeconds(second));
        Assert.Equal(isTaken, (await AskAsync(WithSecret(), token)).Identity is not null);
    }

    [Theory]
    [InlineData(31, false)]
    [InlineData(30, true)]
    public async Task A_token_begins_with_the_skew_of_clocks_before_its_beginning(int second, bool isTaken) =>
        Assert.Equal(isTaken, (await AskAsync(WithSecret(), Token.Hs256(Claims($",\"nbf\":{At(second).ToUnixTimeSeconds()}"), Secret))).Identity is not null);

    [Fact]
    public async Task A_token_without_an_end_is_taken_only_where_none_is_required()
    {
        var token = Token.Hs256("""{"sub":"joe"}""", Secret);
        AssertRefused(await AskAsync(WithSecret(), token), "a token that does not hold now, or has no end");
        Assert.Null((await AskAsync(WithSecret() with { RequireExpiry = false }, token)).Identity!.ExpiresAt);
        Assert.Null((await AskAsync(WithSecret(), Token.Hs256("""{"sub":"joe","exp":99999999999999}""", Secret))).Identity!.ExpiresAt);
    }

    [Fact]
    public async Task Issuer_and_audience_are_those_that_are_configured()
    {
        var options = WithSecret() with { Issuers = ["issuer-1", "issuer-2"], Audiences = ["broker"] };
        Assert.NotNull((await AskAsync(options, Token.Hs256(Claims(""","iss":"issuer-2","aud":["x","broker"]"""), Secret))).Identity);
        AssertRefused(await AskAsync(options, Token.Hs256(Claims(""","iss":"issuer-3","aud":"broker" """), Secret)), "a token of another issuer");
        AssertRefused(await AskAsync(options, Token.Hs256(Claims(""","iss":"issuer-1","aud":"another" """), Secret)), "a token for another audience");
        AssertRefused(await AskAsync(options, Token.Hs256(Claims(), Secret)));
    }

    [Fact]
    public async Task Claims_name_the_user_and_the_client()
    {
        var options = WithSecret() with { UserClaim = "name", ClientIdClaim = "device" };
        var result = await AskAsync(options, Token.Hs256(Claims(""","name":"ann","device":"d1" """), Secret));
        Assert.Equal(("ann", "d1"), (result.Identity!.UserName, result.Identity.ClientId));
        AssertRefused(await AskAsync(options, Token.Hs256(Claims(""","name":"ann" """), Secret)), "a token without device");
        AssertRefused(await AskAsync(options, Token.Hs256(Claims(), Secret)), "a token without name");
        AssertRefused(await AskAsync(options, Token.Hs256(Claims(""","name":7,"device":"d1" """), Secret)), "a token without name");
        AssertRefused(await AskAsync(options, Token.Hs256(Claims(""","name":"ann\u0000","device":"d1" """), Secret)), "a token without name");
        AssertRefused(await AskAsync(options, Token.Hs256(Claims(""","name":"ann","device":"d1" """), Secret), "joe"), "a token of another user than CONNECT names");
    }

    [Fact]
    public async Task Permissions_are_those_of_the_client_that_the_token_names()
    {
        var result = await AskAsync(WithSecret() with { ClientIdClaim = "device" }, Token.Hs256(Claims(""","device":"d1","acl":{"pub":["%c/up"],"sub":["%u/#"]}"""), Secret));
        Assert.Equal([new(TopicActions.Publish, "d1/up"), new(TopicActions.Subscribe, "joe/#")], result.Identity!.Permissions);
        AssertRefused(await AskAsync(WithSecret(), Token.Hs256(Claims(""","acl":{"pub":["a/#/b"]}"""), Secret)), "a token whose acl is not understood: a permission is about no valid topic filter");
    }

    [Fact]
    public async Task What_stands_twice_or_asks_for_more_is_refused()
    {
        AssertRefused(await AskAsync(WithSecret(), Token.Hs256(Claims(""","sub":"root" """), Secret)));
        AssertRefused(await AskAsync(WithSecret(), Token.Hs256(Claims(), Secret, """{"alg":"HS256","crit":["exp"]}""")));
        AssertRefused(await AskAsync(WithSecret(), Token.Hs256("[]", Secret)));
        AssertRefused(await AskAsync(WithSecret(), Token.Hs256("garbage", Secret)));
        AssertRefused(await AskAsync(WithSecret(), Token.Hs256(Claims(), Secret) + ".a.b"));
    }

    public void Dispose() => _folder.Dispose();

    private static DateTimeOffset At(int second) => new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero).AddSeconds(second);

    private static string Claims(string more = "") => $$"""{"sub":"joe","exp":{{At(60).ToUnixTimeSeconds()}}{{more}}}""";

    private JwtOptions WithSecret() => new(_folder.Write("secret", Secret + "\n"), JwtKeyForm.Secret) { Algorithms = ["HS256"] };

    private JwtOptions WithPem(string pem) => new(_folder.Write("keys.pem", pem), JwtKeyForm.PublicKey) { Algorithms = ["RS256", "ES256"] };

    private JwtOptions WithSet(string json) => new(_folder.Write("keys.json", json), JwtKeyForm.KeySet) { Algorithms = ["RS256", "ES256"] };

    private async Task<AuthenticationResult> AskAsync(JwtOptions options, string? password, string? user = null)
    {
        var verifier = JwtVerifier.Load(options, _time);
        return await new JwtAuthenticator(options, () => verifier).AuthenticateAsync(Requests.Of(user, password), TestContext.Current.CancellationToken);
    }

    private static void AssertRefused(AuthenticationResult result, string? reason = null)
    {
        Assert.Equal(ReasonCode.BadUserNameOrPassword, result.Refusal);
        if (reason is not null) Assert.Equal(reason, result.Reason);
    }
}
