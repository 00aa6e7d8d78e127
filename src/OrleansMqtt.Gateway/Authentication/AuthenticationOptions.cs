namespace OrleansMqtt.Gateway.Authentication;

/// <summary>How a gateway finds out who its clients are. Who is asked are the <see cref="OrleansMqtt.Security.IAuthenticator"/> services of the process.</summary>
public sealed record AuthenticationOptions
{
    /// <summary>
    /// Whether a client that names no user is served if no authenticator knows it. Null: where there is none to ask, everybody is served as nobody in particular; where there is one, no.
    /// <see cref="Hosting.ListenerOptions.AllowAnonymous"/> goes before it.
    /// </summary>
    public bool? AllowAnonymous { get; init; }

    /// <summary>The names of all authenticators in the order in which they are asked; null: in that of their registration.</summary>
    public IReadOnlyList<string>? Order { get; init; }

    /// <summary>How long a client waits for the answer that it is refused, 0 to 60 s: guessing takes time, and no thread is held meanwhile.</summary>
    public TimeSpan FailureDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>When addresses are banned.</summary>
    public BanOptions Ban { get; init; } = new();
}

/// <summary>When an address is banned: its clients are refused with 0x8A before anybody is asked about them. Loopback addresses never are.</summary>
public sealed record BanOptions
{
    /// <summary>This many clients of an address refused within <see cref="Within"/> ban it, 1 to 1,000,000; 0, the default, bans nobody: behind one address may be many who are well.</summary>
    public int Failures { get; init; }

    /// <summary>Counted from the first refusal, 1 s to 1 day.</summary>
    public TimeSpan Within { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How long it is banned, 1 s to 365 days.</summary>
    public TimeSpan For { get; init; } = TimeSpan.FromMinutes(5);
}
