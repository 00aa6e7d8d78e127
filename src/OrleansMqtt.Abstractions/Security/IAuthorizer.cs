namespace OrleansMqtt.Security;

/// <summary>
/// Decides what clients may do. Authorizers stand in an order; each is asked until one allows or refuses. One that fails with an exception refuses the action. Decisions are
/// remembered for a connection until <see cref="Changed"/> says that they may be others. Called by many connections at once.
/// </summary>
public interface IAuthorizer
{
    /// <summary>What has been decided may be decided otherwise from now on: remembered decisions are dropped and live subscriptions are decided again.</summary>
    event Action? Changed
    {
        add { }
        remove { }
    }

    /// <summary>Its name in the configuration's order and in the log: lower-case letters, digits and hyphens.</summary>
    string Name { get; }

    /// <summary>Decides about a publish or a subscription.</summary>
    /// <param name="request">Who wants what.</param>
    /// <param name="cancellationToken">The client is gone.</param>
    ValueTask<AuthorizationResult> AuthorizeAsync(AuthorizationRequest request, CancellationToken cancellationToken);

    /// <summary>
    /// Decides whether a message may go to a client whose subscription was allowed in part. Answers at once and never blocks: messages of others are behind it.
    /// </summary>
    /// <param name="request">Who would get what: <see cref="TopicAction.Receive"/> of a topic name.</param>
    AuthorizationResult MayReceive(in AuthorizationRequest request) => AuthorizationResult.Next;
}
