using System.Collections.Frozen;
using OrleansMqtt.Security.Rules;

namespace OrleansMqtt.Security.Lists;

/// <summary>Refuses a list of topics to everybody but some users; of other topics it says nothing. Stands before the others, since the first one who speaks decides.</summary>
internal sealed class DeniedAuthorizer : IAuthorizer
{
    private readonly RuleTree _topics = new();
    private readonly FrozenSet<string> _exempt;

    /// <summary>Makes it.</summary>
    public DeniedAuthorizer(DeniedTopics denied)
    {
        var rule = new TopicRule(TopicActions.All, Allows: false);
        foreach (var filter in denied.Topics) _topics.Add(filter, rule);
        _exempt = denied.Except.ToFrozenSet(StringComparer.Ordinal);
    }

    /// <inheritdoc/>
    public string Name => "denied";

    /// <inheritdoc/>
    public ValueTask<AuthorizationResult> AuthorizeAsync(AuthorizationRequest request, CancellationToken cancellationToken) => new(MayReceive(request));

    /// <inheritdoc/>
    public AuthorizationResult MayReceive(in AuthorizationRequest request) =>
        request.Identity.UserName is { } user && _exempt.Contains(user) ? AuthorizationResult.Next : RuleDecision.Of(_topics.Find(request));
}
