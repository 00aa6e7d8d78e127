using System.Text;
using OrleansMqtt.Protocol.Topics;

namespace OrleansMqtt.Security.Acl;

/// <summary>Decides by an access list. What no rule speaks of it leaves to others.</summary>
/// <param name="file">The list as it is now.</param>
internal sealed class AclAuthorizer(Func<AclFile> file) : IAuthorizer
{
    /// <inheritdoc/>
    public event Action? Changed;

    /// <inheritdoc/>
    public string Name => "acl";

    /// <summary>The list is another one.</summary>
    public void OnChanged() => Changed?.Invoke();

    /// <inheritdoc/>
    public ValueTask<AuthorizationResult> AuthorizeAsync(AuthorizationRequest request, CancellationToken cancellationToken) => new(Decide(file(), request));

    /// <inheritdoc/>
    public AuthorizationResult MayReceive(in AuthorizationRequest request) => Decide(file(), request);

    /// <summary>Decides by a list.</summary>
    public static AuthorizationResult Decide(AclFile file, in AuthorizationRequest request)
    {
        var topic = Encoding.UTF8.GetBytes(request.Topic);
        var rules = file.RulesOf(request.ClientId, request.Identity.UserName);
        return request.Action switch
        {
            TopicAction.Publish => OfTopic(rules, topic, AclAccess.Write),
            TopicAction.Receive => OfTopic(rules, topic, AclAccess.Read),
            _ => OfFilter(rules, topic),
        };
    }

    private static AuthorizationResult OfTopic(IEnumerable<AclRule> rules, ReadOnlySpan<byte> topic, AclAccess wanted)
    {
        var result = AuthorizationResult.Next;
        foreach (var (access, filter) in rules)
        {
            if ((access != AclAccess.Deny && (access & wanted) == 0) || !TopicFilter.Matches(filter, topic)) continue;
            // A denial goes before everything that is allowed, wherever it stands.
            if (access == AclAccess.Deny) return AuthorizationResult.Deny;
            result = AuthorizationResult.Allow;
        }
        return result;
    }

    private static AuthorizationResult OfFilter(IEnumerable<AclRule> rules, ReadOnlySpan<byte> wanted)
    {
        var (covered, overlaps, partlyDenied) = (false, false, false);
        foreach (var (access, filter) in rules)
        {
            if (access == AclAccess.Write || !FilterRelation.Overlap(filter, wanted)) continue;
            if (access != AclAccess.Deny) (covered, overlaps) = (covered || FilterRelation.Covers(filter, wanted), true);
            else if (FilterRelation.Covers(filter, wanted)) return AuthorizationResult.Deny;
            else partlyDenied = true;
        }
        if (!overlaps) return AuthorizationResult.Next;
        return covered && !partlyDenied ? AuthorizationResult.Allow : AuthorizationResult.AllowInPart;
    }
}
