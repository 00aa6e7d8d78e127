namespace OrleansMqtt.Leases;

/// <summary>How long something that failed for a passing reason rests before it is tried again: twice as long each time.</summary>
internal static class BackOff
{
    /// <summary>The first pause where nothing says otherwise.</summary>
    public static readonly TimeSpan First = TimeSpan.FromMilliseconds(50);

    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(1);

    /// <summary>The pause after <paramref name="pause"/>; the first one after none.</summary>
    public static TimeSpan After(TimeSpan pause) => After(pause, First, Longest);

    /// <summary>As <see cref="After(TimeSpan)"/>, with other bounds.</summary>
    public static TimeSpan After(TimeSpan pause, TimeSpan first, TimeSpan longest) => pause < first ? first : pause * 2 < longest ? pause * 2 : longest;
}
