using System.Text;

namespace OrleansMqtt.Security.Acl;

/// <summary>A rule for some topics.</summary>
/// <param name="Access">What it allows.</param>
/// <param name="Filter">The topics, as a topic filter in UTF-8.</param>
internal readonly record struct AclRule(AclAccess Access, byte[] Filter);

/// <summary>A rule whose topics depend on the client: <c>%c</c> stands for its identifier, <c>%u</c> for its user name.</summary>
/// <param name="Access">What it allows.</param>
/// <param name="Text">The filter with its places.</param>
internal sealed record AclPattern(AclAccess Access, string Text)
{
    /// <summary>
    /// The rule for one client. Null where the client has no user name and the pattern asks for it, and where what the client calls itself is no plain level of a topic (it has
    /// <c>+</c>, <c>#</c> or <c>/</c>): it would give itself the topics of others.
    /// </summary>
    public AclRule? For(string clientId, string? userName)
    {
        var filter = new StringBuilder(Text.Length + 16);
        for (var i = 0; i < Text.Length; i++)
        {
            var place = Text[i] == '%' && i + 1 < Text.Length ? Text[i + 1] : default;
            if (place is not ('c' or 'u'))
            {
                filter.Append(Text[i]);
                continue;
            }
            if ((place == 'c' ? clientId : userName) is not { Length: > 0 } value || value.AsSpan().ContainsAny('+', '#', '/')) return null;
            filter.Append(value);
            i++;
        }
        return new AclRule(Access, Encoding.UTF8.GetBytes(filter.ToString()));
    }
}
