using System.Text;
using System.Text.Json;
using Microsoft.IdentityModel.JsonWebTokens;
using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Security.Permissions;

namespace OrleansMqtt.Security.Tokens;

/// <summary>Knows clients by a JSON Web Token (RFC 7519) in the password. Of passwords that are none it knows nothing.</summary>
/// <param name="options">Which tokens are taken, and what they say.</param>
/// <param name="verifier">With the keys as they are now.</param>
internal sealed class JwtAuthenticator(JwtOptions options, Func<JwtVerifier> verifier) : IAuthenticator
{
    /// <inheritdoc/>
    public string Name => "jwt";

    /// <inheritdoc/>
    public async ValueTask<AuthenticationResult> AuthenticateAsync(AuthenticationRequest request, CancellationToken cancellationToken)
    {
        if (request.Password is not { } password || !Ascii.IsValid(password.Span)) return AuthenticationResult.Next;
        var text = Encoding.ASCII.GetString(password.Span);
        if (!TokenParts.LooksLikeToken(text)) return AuthenticationResult.Next;
        var (token, problem) = await verifier().VerifyAsync(text);
        if (token is null) return Refuse(problem);
        using var claims = TokenParts.TryRead(token.EncodedPayload);
        return claims is null ? Refuse("a token whose claims are not understood") : Decide(request, token, claims.RootElement);
    }

    private AuthenticationResult Decide(AuthenticationRequest request, JsonWebToken token, JsonElement claims)
    {
        if (Text(claims, options.UserClaim) is not { } user) return Refuse($"a token without {options.UserClaim}");
        if (request.UserName is { } named && named != user) return Refuse("a token of another user than CONNECT names");
        string? clientId = null;
        if (options.ClientIdClaim is { } claim && (clientId = Text(claims, claim)) is null) return Refuse($"a token without {claim}");
        try
        {
            return AuthenticationResult.Allow(new ClientIdentity(user)
            {
                ClientId = clientId,
                ExpiresAt = EndOf(token),
                Permissions = claims.TryGetProperty(options.PermissionsClaim, out var permissions) ? PermissionReader.Read(permissions, clientId ?? request.ClientId, user) : null,
            });
        }
        catch (FormatException exception)
        {
            return Refuse($"a token whose {options.PermissionsClaim} is not understood: {exception.Message}");
        }
    }

    // Not sooner than it is refused: else a client with a token that was just taken would be closed at once. The library says the least time for none, and the last one for what is later.
    private DateTimeOffset? EndOf(JsonWebToken token) =>
        token.ValidTo == DateTime.MinValue || token.ValidTo > DateTime.MaxValue - options.ClockSkew ? null : new DateTimeOffset(token.ValidTo + options.ClockSkew, TimeSpan.Zero);

    private static string? Text(JsonElement claims, string name) =>
        claims.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text && !text.Any(char.IsControl) ? text : null;

    private static AuthenticationResult Refuse(string reason) => AuthenticationResult.Deny(ReasonCode.BadUserNameOrPassword, reason);
}
