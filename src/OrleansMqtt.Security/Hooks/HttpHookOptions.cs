namespace OrleansMqtt.Security.Hooks;

/// <summary>How a server elsewhere is asked.</summary>
/// <param name="Url">Where requests are posted to: http or https, without user name and password, which would stand in the log.</param>
public sealed record HttpHookOptions(Uri Url)
{
    /// <summary>How long an answer may take, and before it a place among <see cref="MaxConcurrent"/>. More than nothing.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How long what was allowed is remembered, and the same question not asked again; zero: not at all.</summary>
    public TimeSpan Cache { get; init; }

    /// <summary>How many requests are on their way at a time at most; from 1.</summary>
    public int MaxConcurrent { get; init; } = 64;

    /// <summary>How long the server is left alone when half of at least ten requests within ten seconds have failed. From half a second to a day.</summary>
    public TimeSpan Break { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Whether somebody else is asked when there is no answer; otherwise the client is refused.</summary>
    public bool IgnoreFailures { get; init; }
}
