using System.Collections.Concurrent;

namespace OrleansMqtt.Actors.Mailboxes;

/// <summary>
/// Times calls out with one timer per silo. A mailbox with unanswered calls is on its watch list and looked at each tick; a call
/// only notes the tick at which it was posted. So a call costs no clock reading, and its time-out is up to a tenth late.
/// </summary>
internal sealed class CallClock : IDisposable
{
    private const int TicksPerTimeout = 10;

    private readonly ConcurrentQueue<IWaiting> _watched = new();
    private readonly ITimer _timer;
    private readonly TimeSpan _period;
    private int _tick;
    private int _armed;

    public CallClock(TimeProvider time, TimeSpan timeout)
    {
        Timeout = timeout;
        _period = timeout == System.Threading.Timeout.InfiniteTimeSpan ? timeout : timeout / TicksPerTimeout;
        using (ExecutionContext.IsFlowSuppressed() ? default : ExecutionContext.SuppressFlow())
        {
            _timer = time.CreateTimer(static clock => ((CallClock)clock!).Tick(), this, System.Threading.Timeout.InfiniteTimeSpan,
                System.Threading.Timeout.InfiniteTimeSpan);
        }
    }

    public TimeSpan Timeout { get; }

    public int Now => Volatile.Read(ref _tick);

    /// <summary>Looks at it from now on, until it says that it has no unanswered call.</summary>
    public void Watch(IWaiting calls)
    {
        _watched.Enqueue(calls);
        Arm();
    }

    /// <summary>Whether a call is overdue. One tick more than the time-out, since it may have been posted just before a tick.</summary>
    public bool IsOverdue(Call call) =>
        Now - call.PostedAt > (call.ResponseTimeout is { } longer && longer > Timeout ? Math.Ceiling(longer / _period) : TicksPerTimeout);

    public void Dispose() => _timer.Dispose();

    private void Arm()
    {
        if (Interlocked.Exchange(ref _armed, 1) == 0)
        {
            _timer.Change(_period, System.Threading.Timeout.InfiniteTimeSpan);
        }
    }

    private void Tick()
    {
        Interlocked.Increment(ref _tick);
        Volatile.Write(ref _armed, 0);
        for (var count = _watched.Count; count > 0 && _watched.TryDequeue(out var mailbox); count--)
        {
            if (mailbox.FailOverdueCalls())
            {
                _watched.Enqueue(mailbox);
            }
        }

        if (!_watched.IsEmpty)
        {
            Arm();
        }
    }
}
