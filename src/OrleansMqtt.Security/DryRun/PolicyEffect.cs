namespace OrleansMqtt.Security.DryRun;

/// <summary>What another policy would take from a client.</summary>
/// <param name="ClientId">The client.</param>
/// <param name="UserName">Its user; null for an anonymous client.</param>
/// <param name="LostSubscriptions">Filters that it could not be subscribed to any more.</param>
/// <param name="NarrowedSubscriptions">Filters that would not bring it all that they bring now.</param>
/// <param name="LostPublishes">Topics that it published to lately and could not any more.</param>
public sealed record PolicyEffect(
    string ClientId, string? UserName, IReadOnlyList<string> LostSubscriptions, IReadOnlyList<string> NarrowedSubscriptions, IReadOnlyList<string> LostPublishes);
