namespace OrleansMqtt.Security;

/// <summary>
/// Decides what clients may do. Authorizers stand in an order; each is asked until one allows or refuses. One that fails with an exception refuses the action. Decisions are
/// remembered for a connection until <see cref="Changed"/> says that they may be others. Called by many connections at once.
/// </summary>
public interface IAuthorizer
{
    /// <summary>Decides about one action.</summary>
    /// <param name="request">Who wants what.</param>
    /// <param name="cancellationToken">The client is gone.</param>
    ValueTask<AuthorizationResult> AuthorizeAsync(AuthorizationRequest request, CancellationToken cancellationToken);

    /// <summary>What has been decided may be decided otherwise from now on.</summary>
    event Action? Changed;
}
