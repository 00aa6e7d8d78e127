using System.Runtime.CompilerServices;

namespace OrleansMqtt.Security.Identities;

/// <summary>Decides by what the proof of a client's identity allows (<see cref="ClientIdentity.Permissions"/>). Of clients whose proof says nothing it says nothing.</summary>
internal sealed class IdentityAuthorizer : IAuthorizer
{
    // As long as the connection of the client holds its identity.
    private readonly ConditionalWeakTable<IReadOnlyList<TopicPermission>, PermissionRules> _rules = [];

    /// <inheritdoc/>
    public string Name => "identity";

    /// <inheritdoc/>
    public ValueTask<AuthorizationResult> AuthorizeAsync(AuthorizationRequest request, CancellationToken cancellationToken) => new(MayReceive(request));

    /// <inheritdoc/>
    public AuthorizationResult MayReceive(in AuthorizationRequest request) => request.Identity.Permissions is { } permissions
        ? _rules.GetValue(permissions, static list => new PermissionRules(list)).Decide(request)
        : AuthorizationResult.Next;
}
