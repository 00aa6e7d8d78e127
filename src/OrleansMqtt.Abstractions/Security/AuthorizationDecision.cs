namespace OrleansMqtt.Security;

/// <summary>What an <see cref="AuthorizationResult"/> says.</summary>
public enum AuthorizationDecision
{
    /// <summary>Nothing.</summary>
    Next,

    /// <summary>Allowed.</summary>
    Allow,

    /// <summary>Allowed, each message to be asked about.</summary>
    AllowInPart,

    /// <summary>Refused.</summary>
    Deny,
}
