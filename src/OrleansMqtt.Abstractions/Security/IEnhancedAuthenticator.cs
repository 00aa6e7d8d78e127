namespace OrleansMqtt.Security;

/// <summary>
/// Enhanced authentication: client and broker exchange AUTH packets until the broker knows who the client is (MQTT 5.0 section 4.12). A client that names a method which no
/// enhanced authenticator has is refused with 0x8C [MQTT-4.12.0-1].
/// </summary>
public interface IEnhancedAuthenticator
{
    /// <summary>Its name in the configuration, lower-case letters, digits and hyphens; several methods may share one.</summary>
    string Name => Method.ToLowerInvariant();

    /// <summary>The Authentication Method that clients name in CONNECT, case-sensitive; for instance SCRAM-SHA-256.</summary>
    string Method { get; }

    /// <summary>Begins an exchange with one client, at CONNECT or when a connected client authenticates again.</summary>
    /// <param name="request">What the client shows besides the exchange.</param>
    IAuthenticationExchange Begin(AuthenticationRequest request);
}
