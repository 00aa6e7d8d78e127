namespace OrleansMqtt.Gateway.Authorization;

/// <summary>How a gateway decides what its clients may do. Who decides are the <see cref="OrleansMqtt.Security.IAuthorizer"/> services of the process.</summary>
public sealed record AuthorizationOptions
{
    /// <summary>What holds where no authorizer decides; null: what there is nobody to ask about is allowed, and what nobody who is asked decides is refused.</summary>
    public AuthorizationDefault? Default { get; init; }

    /// <summary>The names of all authorizers in the order in which they are asked; null: in that of their registration.</summary>
    public IReadOnlyList<string>? Order { get; init; }
}

/// <summary>What holds where nobody decides.</summary>
public enum AuthorizationDefault
{
    /// <summary>It is allowed.</summary>
    Allow,

    /// <summary>It is refused.</summary>
    Deny,
}
