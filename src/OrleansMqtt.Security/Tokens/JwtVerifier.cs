using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace OrleansMqtt.Security.Tokens;

/// <summary>Verifies tokens with one version of the keys. Immutable.</summary>
internal sealed class JwtVerifier
{
    private readonly JsonWebTokenHandler _handler = new();
    private readonly TokenValidationParameters _parameters;

    private JwtVerifier(JwtOptions options, IReadOnlyList<SecurityKey> keys, TimeProvider time) => _parameters = new TokenValidationParameters
    {
        IssuerSigningKeys = keys,
        ValidateIssuer = options.Issuers.Count > 0,
        ValidIssuers = options.Issuers,
        ValidateAudience = options.Audiences.Count > 0,
        ValidAudiences = options.Audiences,
        RequireSignedTokens = true,
        // Here and not where the library looks: of ours, the key has a say.
        AlgorithmValidator = (algorithm, key, _, _) => options.Algorithms.Contains(algorithm) && JwtAlgorithms.Fits(algorithm, key),
        // The library's own takes the time from the system.
        LifetimeValidator = (begin, end, _, _) => IsNow(begin, end, options, time),
        LogValidationExceptions = false,
    };

    /// <summary>With the keys of the options' file.</summary>
    /// <exception cref="FormatException">As at <see cref="JwtKeys.Load"/>.</exception>
    public static JwtVerifier Load(JwtOptions options, TimeProvider time) => new(options, JwtKeys.Load(options.KeyFile, options.KeyForm, options.Algorithms), time);

    /// <summary>The token, if all of it is as it should be; otherwise why not, for the log.</summary>
    public async Task<(JsonWebToken? Token, string Problem)> VerifyAsync(string text)
    {
        var result = await _handler.ValidateTokenAsync(text, _parameters);
        if (!result.IsValid) return (null, Describe(result.Exception));
        var token = (JsonWebToken)result.SecurityToken;
        return TokenParts.AsksForExtensions(token.EncodedHeader) ? (null, "a token with extensions, of which none is known") : (token, "");
    }

    private static bool IsNow(DateTime? begin, DateTime? end, JwtOptions options, TimeProvider time)
    {
        var now = time.GetUtcNow().UtcDateTime;
        if (end is null && options.RequireExpiry) return false;
        return (begin is null || begin <= now + options.ClockSkew) && (end is null || end > now - options.ClockSkew);
    }

    // In words of our own: those of the library may quote the token.
    private static string Describe(Exception problem) => problem switch
    {
        SecurityTokenInvalidLifetimeException => "a token that does not hold now, or has no end",
        SecurityTokenInvalidIssuerException => "a token of another issuer",
        SecurityTokenInvalidAudienceException => "a token for another audience",
        SecurityTokenInvalidAlgorithmException or SecurityTokenInvalidSignatureException or SecurityTokenSignatureKeyNotFoundException =>
            "a token that no known key has signed with an algorithm that is allowed",
        _ => "a token that is not understood",
    };
}
