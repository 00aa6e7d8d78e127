namespace OrleansMqtt.Security;

/// <summary>
/// Finds out who a client is. Authenticators stand in an order; each is asked until one knows or refuses. One that fails with an exception refuses the client.
/// Called by many connections at once, never on a thread that reads sockets.
/// </summary>
public interface IAuthenticator
{
    /// <summary>Its name in the configuration's order and in the log: lower-case letters, digits and hyphens.</summary>
    string Name { get; }

    /// <summary>Looks at one client.</summary>
    /// <param name="request">What the client shows.</param>
    /// <param name="cancellationToken">The client is gone, or its time for CONNECT is over.</param>
    ValueTask<AuthenticationResult> AuthenticateAsync(AuthenticationRequest request, CancellationToken cancellationToken);
}
