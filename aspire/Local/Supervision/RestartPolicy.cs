using OrleansMqtt.Hosting.Configuration;

namespace OrleansMqtt.AppHost.Local.Supervision;

/// <summary>When a program that ended by itself is started again: soon at first, later and later while it keeps ending, and never where its configuration is wrong.</summary>
/// <param name="readsConfiguration">Whether the program is one of ours, whose exit code says that its configuration is wrong.</param>
internal sealed class RestartPolicy(bool readsConfiguration)
{
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(0.25);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(15);

    // Who ran so long has not failed at its start.
    private static readonly TimeSpan Steady = TimeSpan.FromSeconds(30);
    private TimeSpan _next = Shortest;

    /// <summary>The pause before the next start; null: there is none.</summary>
    /// <param name="exitCode">What the program ended with.</param>
    /// <param name="ran">How long it ran.</param>
    public TimeSpan? PauseAfter(int exitCode, TimeSpan ran)
    {
        if (readsConfiguration && exitCode == ExitCode.BadConfiguration) return null;
        var pause = ran >= Steady ? Shortest : _next;
        _next = pause * 2 < Longest ? pause * 2 : Longest;
        return pause;
    }
}
