namespace OrleansMqtt.PromiseCheck;

/// <summary>What the process ends with.</summary>
internal static class ExitCode
{
    /// <summary>The broker kept every promise.</summary>
    public const int Fine = 0;

    /// <summary>A promise was broken, or the check could not be carried through.</summary>
    public const int Trouble = 1;

    /// <summary>An argument is unknown, missing or not allowed.</summary>
    public const int BadArguments = 2;
}
