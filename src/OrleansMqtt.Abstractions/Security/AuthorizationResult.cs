namespace OrleansMqtt.Security;

/// <summary>What an authorizer says of an action.</summary>
public enum AuthorizationResult
{
    /// <summary>Nothing: the next authorizer is asked, and after the last one the configured default holds.</summary>
    Next,

    /// <summary>It is allowed. A subscription: so is every message that its filter matches.</summary>
    Allow,

    /// <summary>A subscription may be made, but each of its messages is asked about (<see cref="TopicAction.Receive"/>) before it is sent. Otherwise the same as <see cref="Allow"/>.</summary>
    AllowInPart,

    /// <summary>It is refused, whatever others would say.</summary>
    Deny,
}
