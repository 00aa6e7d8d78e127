namespace OrleansMqtt.Hosting.Configuration;

/// <summary>What a host's process ends with.</summary>
internal static class ExitCode
{
    /// <summary>Stopped because it was told to.</summary>
    public const int Stopped = 0;

    /// <summary>Could not start, for a reason outside its configuration: an address in use.</summary>
    public const int CannotStart = 1;

    /// <summary>An unknown key, or a value that is not allowed.</summary>
    public const int BadConfiguration = 2;

    /// <summary>Was told to stop and could not do so in order: the store was away, say. What was acknowledged is kept as after a crash.</summary>
    public const int StopFailed = 3;
}
