namespace OrleansMqtt.Security;

/// <summary>Who a client is, as those who check it have found out. Immutable.</summary>
/// <param name="UserName">The user; null for an anonymous client.</param>
public sealed record ClientIdentity(string? UserName)
{
    /// <summary>A client that nobody knows.</summary>
    public static ClientIdentity Anonymous { get; } = new((string?)null);

    /// <summary>When what proved the identity ends, and the connection with it; null for never.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>The client identifier that this client alone may have: one without gets it assigned, one with another is refused with 0x85. Null: any.</summary>
    public string? ClientId { get; init; }

    /// <summary>What the proof itself allows, a token's claims, say; null where it says nothing. The authorizer `identity` goes by it.</summary>
    public IReadOnlyList<TopicPermission>? Permissions { get; init; }

    /// <summary>
    /// Whatever else is known of the client, for authorizers: a token's claims, say. Never logged.
    /// </summary>
    public IReadOnlyDictionary<string, string> Attributes { get; init; } = new Dictionary<string, string>();
}
