using OrleansMqtt.Security.Acl;

namespace OrleansMqtt.Security.DryRun;

/// <summary>What decides about clients' actions: authorizers in their order, and what holds where none of them decides.</summary>
/// <param name="Authorizers">In the order in which they are asked.</param>
/// <param name="AllowsByDefault">Whether what none of them decides is allowed.</param>
public sealed record Policy(IReadOnlyList<IAuthorizer> Authorizers, bool AllowsByDefault)
{
    private const string AclName = "acl", HttpName = "http";

    /// <summary>
    /// The same with another access list. Where there is none so far it stands where it would if one were configured: behind all others but `http`.
    /// </summary>
    /// <param name="lines">The list, as it would stand in the file.</param>
    /// <param name="allowsByDefault">Whether what none decides is allowed then.</param>
    /// <exception cref="FormatException">A line is not understood: the message says which.</exception>
    public Policy WithAcl(IEnumerable<string> lines, bool allowsByDefault)
    {
        var proposed = new ProposedAcl(AclFile.Parse(lines));
        var authorizers = Authorizers.Any(static a => a.Name == AclName)
            ? Authorizers.Select(a => a.Name == AclName ? proposed : a)
            : [.. Authorizers.TakeWhile(static a => a.Name != HttpName), proposed, .. Authorizers.SkipWhile(static a => a.Name != HttpName)];
        return new Policy([.. authorizers], allowsByDefault);
    }

    private sealed class ProposedAcl(AclFile file) : IAuthorizer
    {
        public string Name => AclName;

        public ValueTask<AuthorizationResult> AuthorizeAsync(AuthorizationRequest request, CancellationToken cancellationToken) => new(file.Decide(request));

        public AuthorizationResult MayReceive(in AuthorizationRequest request) => file.Decide(request);
    }
}
