namespace OrleansMqtt.Cli;

/// <summary>What the process ends with.</summary>
internal static class ExitCode
{
    /// <summary>All went as it should.</summary>
    public const int Fine = 0;

    /// <summary>Messages were lost, reordered or refused, or a connection failed.</summary>
    public const int Trouble = 1;

    /// <summary>An argument is unknown, missing or not allowed.</summary>
    public const int BadArguments = 2;
}
