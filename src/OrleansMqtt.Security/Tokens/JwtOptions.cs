namespace OrleansMqtt.Security.Tokens;

/// <summary>Which tokens are taken, and what they say.</summary>
/// <param name="KeyFile">The keys that tokens are signed with, read again when the file changes.</param>
/// <param name="KeyForm">What stands in it.</param>
public sealed record JwtOptions(string KeyFile, JwtKeyForm KeyForm)
{
    /// <summary>Names of signature algorithms (RFC 7518 section 3.1) that are taken; <see cref="JwtAlgorithms"/> has those there are. At least one, each of the kind of the keys.</summary>
    public required IReadOnlyList<string> Algorithms { get; init; }

    /// <summary>Who may have issued a token; empty: anybody who has a key.</summary>
    public IReadOnlyList<string> Issuers { get; init; } = [];

    /// <summary>For whom a token may be; empty: for anybody.</summary>
    public IReadOnlyList<string> Audiences { get; init; } = [];

    /// <summary>How far the clocks of issuer and broker may be apart. Not less than nothing.</summary>
    public TimeSpan ClockSkew { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Whether a token must have an end.</summary>
    public bool RequireExpiry { get; init; } = true;

    /// <summary>The claim that is the user name. A client that names another user in CONNECT is refused.</summary>
    public string UserClaim { get; init; } = "sub";

    /// <summary>The claim that the client identifier must be; null: any may be used.</summary>
    public string? ClientIdClaim { get; init; }

    /// <summary>The claim with permissions; a token without it says nothing of them.</summary>
    public string PermissionsClaim { get; init; } = "acl";
}
