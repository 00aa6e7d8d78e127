namespace Orleans.Runtime;

/// <summary>A timer of an activation. Disposing it ends it.</summary>
public interface IGrainTimer : IDisposable
{
    /// <summary>Sets new times; within a tick they take effect after it.</summary>
    /// <param name="dueTime">The time until the next tick; infinite: none.</param>
    /// <param name="period">The time from the end of one tick to the start of the next; infinite: one tick only.</param>
    void Change(TimeSpan dueTime, TimeSpan period);
}
