using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Security;

namespace OrleansMqtt.Gateway.Authentication;

/// <summary>Who is asked about the clients of one listener, and what holds where nobody knows.</summary>
/// <param name="authenticators">Who is asked, in this order.</param>
/// <param name="enhanced">Those that exchange AUTH packets.</param>
/// <param name="allowAnonymous">Whether clients that nobody knows are served if they name no user; if there is nobody to ask, whatever they name.</param>
internal sealed class AuthenticationChain(IReadOnlyList<IAuthenticator> authenticators, IReadOnlyList<IEnhancedAuthenticator> enhanced, bool allowAnonymous)
{
    private static readonly AuthenticationResult Anonymous = AuthenticationResult.Allow(ClientIdentity.Anonymous);

    private bool AsksNobody => authenticators.Count == 0 && enhanced.Count == 0;

    /// <summary>Whether everybody is served, as nobody in particular.</summary>
    public bool IsOpen => AsksNobody && allowAnonymous;

    /// <summary>Who authenticates by a method [MQTT-4.12.0-1]; null for nobody.</summary>
    public IEnhancedAuthenticator? Find(string method)
    {
        foreach (var authenticator in enhanced)
            if (authenticator.Method == method) return authenticator;
        return null;
    }

    /// <summary>Who the client is, or why it is refused; never <see cref="AuthenticationResult.Next"/>. Fails where an authenticator does.</summary>
    /// <param name="request">What it shows.</param>
    /// <param name="cancellationToken">It is gone, or its time is over.</param>
    public async ValueTask<AuthenticationResult> AuthenticateAsync(AuthenticationRequest request, CancellationToken cancellationToken)
    {
        if (IsOpen) return Anonymous;
        foreach (var authenticator in authenticators)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var result = await authenticator.AuthenticateAsync(request, cancellationToken);
            if (result.Identity is not null || result.Refusal is not null) return result;
        }
        if (request.UserName is not null) return AuthenticationResult.Deny(ReasonCode.BadUserNameOrPassword, "nobody knows the user");
        if (allowAnonymous) return Anonymous;
        // 3.x has a code for each.
        return AuthenticationResult.Deny(request.Version == ProtocolVersion.V50 ? ReasonCode.BadUserNameOrPassword : ReasonCode.NotAuthorized, "it does not say who it is");
    }
}
