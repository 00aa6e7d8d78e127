using Orleans;
using Orleans.Runtime;

namespace OrleansMqtt.Actors.Reminders;

/// <summary>A reminder that this silo serves.</summary>
internal sealed class Reminder : IDisposable
{
    // Longer than this no timer has to wait.
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(1);

    private readonly ITimer _timer;
    private int _isTicking;

    /// <param name="entry">Its row, of which this is the owner.</param>
    /// <param name="load"><see cref="Load"/>.</param>
    /// <param name="time">The clock.</param>
    /// <param name="onDue">Is called when the time has come.</param>
    public Reminder(ReminderEntry entry, long load, TimeProvider time, Action<Reminder> onDue)
    {
        (Entry, Load, FirstTick) = (entry, load, entry.StartAt);
        using (ExecutionContext.IsFlowSuppressed() ? default : ExecutionContext.SuppressFlow())
        {
            _timer = time.CreateTimer(_ => onDue(this), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }

    public ReminderEntry Entry { get; }

    /// <summary>When it ticks first, as far as this silo knows.</summary>
    public DateTime FirstTick { get; }

    /// <summary>The number of the latest reading of the table that may not have seen what this silo has written.</summary>
    public long Load { get; set; }

    /// <summary>Whether it ticks at this moment, and is going to change its row.</summary>
    public bool IsTicking => Volatile.Read(ref _isTicking) != 0;

    /// <summary>Whether it was unregistered, replaced, or belongs to another silo.</summary>
    public bool IsOver { get; private set; }

    /// <summary>Waits until the time comes, or for a while.</summary>
    /// <param name="time">Positive.</param>
    public void Wait(TimeSpan time) => _timer.Change(time < LongestWait ? time : LongestWait, Timeout.InfiniteTimeSpan);

    /// <summary>Begins a tick, unless one has begun.</summary>
    public bool TryBegin() => Interlocked.Exchange(ref _isTicking, 1) == 0;

    /// <summary>Ends it.</summary>
    public void End() => Volatile.Write(ref _isTicking, 0);

    /// <summary>Goes on to the first tick after a time: what was missed comes once.</summary>
    public void Advance(DateTime now)
    {
        var missed = Math.Max(0, (now - Entry.StartAt).Ticks / Entry.Period.Ticks);
        Entry.StartAt += (missed + 1) * Entry.Period;
    }

    public void Dispose()
    {
        IsOver = true;
        _timer.Dispose();
    }
}
