using System.Collections.Frozen;
using OrleansMqtt.Security.Rules;

namespace OrleansMqtt.Security.Lists;

/// <summary>Decides by lists of what each user may do. Who has a list may do what stands in it and nothing else; of others it says nothing.</summary>
/// <param name="users">The lists by user name.</param>
internal sealed class AllowedAuthorizer(IReadOnlyDictionary<string, AllowedTopics> users) : IAuthorizer
{
    private readonly FrozenDictionary<string, (RuleTree? Publish, RuleTree? Subscribe)> _users = users.ToFrozenDictionary(
        static user => user.Key, static user => (TreeOf(user.Value.Publish, TopicActions.Publish), TreeOf(user.Value.Subscribe, TopicActions.Subscribe)), StringComparer.Ordinal);

    /// <inheritdoc/>
    public string Name => "allowed";

    /// <inheritdoc/>
    public ValueTask<AuthorizationResult> AuthorizeAsync(AuthorizationRequest request, CancellationToken cancellationToken) => new(MayReceive(request));

    /// <inheritdoc/>
    public AuthorizationResult MayReceive(in AuthorizationRequest request)
    {
        var user = request.Identity.UserName;
        if (user == AllowedTopics.Anonymous || !_users.TryGetValue(user ?? AllowedTopics.Anonymous, out var lists)) return AuthorizationResult.Next;
        if ((request.Action == TopicAction.Publish ? lists.Publish : lists.Subscribe) is not { } list) return AuthorizationResult.Next;
        var result = RuleDecision.Of(list.Find(request));
        return result == AuthorizationResult.Next ? AuthorizationResult.Deny : result;
    }

    private static RuleTree? TreeOf(IReadOnlyList<string>? filters, TopicActions actions)
    {
        if (filters is null) return null;
        var (tree, rule) = (new RuleTree(), new TopicRule(actions, Allows: true));
        foreach (var filter in filters) tree.Add(filter, rule);
        return tree;
    }
}
