using System.Diagnostics.CodeAnalysis;

namespace Orleans.Runtime;

/// <summary>How a grain timer ticks.</summary>
public readonly struct GrainTimerCreationOptions()
{
    /// <summary>Sets due time and period.</summary>
    /// <param name="dueTime">The time until the first tick.</param>
    /// <param name="period">The time from the end of one tick to the start of the next.</param>
    [SetsRequiredMembers]
    public GrainTimerCreationOptions(TimeSpan dueTime, TimeSpan period)
        : this()
    {
        DueTime = dueTime;
        Period = period;
    }

    /// <summary>The time until the first tick; <see cref="Timeout.InfiniteTimeSpan"/>: none until the timer is changed.</summary>
    public required TimeSpan DueTime { get; init; }

    /// <summary>The time from the end of one tick to the start of the next; <see cref="Timeout.InfiniteTimeSpan"/>: one tick only.</summary>
    public required TimeSpan Period { get; init; }

    /// <summary>Whether a tick may start while a call is not finished. Default: no.</summary>
    public bool Interleave { get; init; }

    /// <summary>Whether a tick counts as use, so that the grain is not collected as idle. Default: no.</summary>
    public bool KeepAlive { get; init; }
}
