using System.Security.Cryptography;

namespace OrleansMqtt.Security.Scram;

/// <summary>Enhanced authentication by SCRAM-SHA-256 (RFC 5802, RFC 7677), without channel binding.</summary>
/// <param name="file">The users as they are now.</param>
internal sealed class ScramAuthenticator(Func<ScramFile> file) : IEnhancedAuthenticator
{
    private const int NonceBytes = 18;

    /// <inheritdoc/>
    public string Name => "scram";

    /// <inheritdoc/>
    public string Method => ScramCredential.Mechanism;

    /// <inheritdoc/>
    public IAuthenticationExchange Begin(AuthenticationRequest request) =>
        new ScramExchange(file(), request.UserName, Convert.ToBase64String(RandomNumberGenerator.GetBytes(NonceBytes)));
}
