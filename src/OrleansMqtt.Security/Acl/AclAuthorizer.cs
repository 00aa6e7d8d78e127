using OrleansMqtt.Security.Files;

namespace OrleansMqtt.Security.Acl;

/// <summary>Decides by an access list. What no rule speaks of it leaves to others.</summary>
/// <param name="file">The list.</param>
internal sealed class AclAuthorizer(WatchedFile<AclFile> file) : IAuthorizer
{
    /// <inheritdoc/>
    public event Action? Changed
    {
        add => file.Changed += value;
        remove => file.Changed -= value;
    }

    /// <inheritdoc/>
    public string Name => "acl";

    /// <inheritdoc/>
    public ValueTask<AuthorizationResult> AuthorizeAsync(AuthorizationRequest request, CancellationToken cancellationToken) => new(file.Current.Decide(request));

    /// <inheritdoc/>
    public AuthorizationResult MayReceive(in AuthorizationRequest request) => file.Current.Decide(request);
}
