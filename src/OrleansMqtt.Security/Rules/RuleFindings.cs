namespace OrleansMqtt.Security.Rules;

/// <summary>What rules say of a topic, or of the topics that a subscription's filter matches.</summary>
[Flags]
internal enum RuleFindings
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>A rule allows some of them.</summary>
    AllowsSome = 1,

    /// <summary>A rule allows all of them.</summary>
    AllowsAll = 2 | AllowsSome,

    /// <summary>A rule refuses some of them.</summary>
    DeniesSome = 4,

    /// <summary>A rule refuses all of them.</summary>
    DeniesAll = 8 | DeniesSome,
}

/// <summary>Makes decisions of findings.</summary>
internal static class RuleDecision
{
    /// <summary>A denial goes before what is allowed, and what the first rules speak of goes before the second ones.</summary>
    public static AuthorizationResult Of(RuleFindings first, RuleFindings second = RuleFindings.None)
    {
        if (first.HasFlag(RuleFindings.DeniesAll)) return AuthorizationResult.Deny;
        if (first.HasFlag(RuleFindings.AllowsAll)) return first.HasFlag(RuleFindings.DeniesSome) ? AuthorizationResult.AllowInPart : AuthorizationResult.Allow;
        if (second.HasFlag(RuleFindings.DeniesAll)) return first.HasFlag(RuleFindings.AllowsSome) ? AuthorizationResult.AllowInPart : AuthorizationResult.Deny;
        // Also where nothing is allowed here: others may allow the whole, and what is refused must not come by it.
        if ((first | second).HasFlag(RuleFindings.DeniesSome)) return AuthorizationResult.AllowInPart;
        if (second.HasFlag(RuleFindings.AllowsAll)) return AuthorizationResult.Allow;
        return (first | second).HasFlag(RuleFindings.AllowsSome) ? AuthorizationResult.AllowInPart : AuthorizationResult.Next;
    }
}
