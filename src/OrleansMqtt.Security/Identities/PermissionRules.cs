using OrleansMqtt.Security.Rules;

namespace OrleansMqtt.Security.Identities;

/// <summary>
/// The permissions of one identity, ready to decide. A list that allows something allows nothing else, and an empty one nothing at all; one that only refuses leaves everything
/// else to others. A list with a filter that is none refuses everything: what it was to refuse is not known.
/// </summary>
internal sealed class PermissionRules
{
    private readonly RuleTree? _rules = new();
    private readonly AuthorizationResult _others;

    /// <summary>Makes it.</summary>
    public PermissionRules(IReadOnlyList<TopicPermission> permissions)
    {
        _others = permissions.Count == 0 || permissions.Any(static p => p.Allows) ? AuthorizationResult.Deny : AuthorizationResult.Next;
        if (!permissions.All(static p => RuleTree.IsFilter(p.Filter)))
        {
            _rules = null;
            return;
        }
        foreach (var permission in permissions)
            _rules.Add(permission.Filter, new TopicRule(permission.Actions, permission.Allows) { MaximumQoS = permission.MaximumQoS, Retain = permission.Retain ? null : false });
    }

    /// <summary>Decides.</summary>
    public AuthorizationResult Decide(in AuthorizationRequest request)
    {
        if (_rules is null) return AuthorizationResult.Deny;
        var result = RuleDecision.Of(_rules.Find(request));
        return result == AuthorizationResult.Next ? _others : result;
    }
}
