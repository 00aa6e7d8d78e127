using System.Security.Cryptography;
using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.Security.Certificates;

/// <summary>Takes clients for whom their certificates name. That a certificate holds, and whose it is, the listener has found out. Of clients without one it knows nothing.</summary>
internal sealed class CertificateAuthenticator(CertificateOptions options) : IAuthenticator
{
    /// <inheritdoc/>
    public string Name => "certificate";

    /// <inheritdoc/>
    public ValueTask<AuthenticationResult> AuthenticateAsync(AuthenticationRequest request, CancellationToken cancellationToken) => new(Decide(request));

    private AuthenticationResult Decide(AuthenticationRequest request)
    {
        if (request.Certificate is not { } certificate) return AuthenticationResult.Next;
        try
        {
            var (user, clientId) = (CertificateNames.Read(certificate, options.UserName), CertificateNames.Read(certificate, options.ClientId));
            if (options.UserName != CertificateName.None && user is null) return Refuse($"a certificate without {options.UserName}");
            if (options.ClientId != CertificateName.None && clientId is null) return Refuse($"a certificate without {options.ClientId}");
            return AuthenticationResult.Allow(new ClientIdentity(user) { ClientId = clientId, ExpiresAt = new DateTimeOffset(certificate.NotAfter) });
        }
        catch (CryptographicException)
        {
            return Refuse("a certificate whose names are malformed");
        }
    }

    private static AuthenticationResult Refuse(string reason) => AuthenticationResult.Deny(ReasonCode.NotAuthorized, reason);
}
