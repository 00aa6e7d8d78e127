using OrleansMqtt.Actors.Tests.Support;

namespace OrleansMqtt.Actors.Tests.Membership.Support;

/// <summary>A machine's clock: runs a little faster or slower than the world's, and a process that is paused or killed gets no timers while it goes on.</summary>
internal sealed class MachineTime(ManualTime world, double rate) : TimeProvider
{
    private readonly Queue<Action> _missed = [];
    private readonly long _origin = world.GetTimestamp();

    public bool IsPaused { get; private set; }

    public bool IsDead { get; set; }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => _origin + (long)((world.GetTimestamp() - _origin) * rate);

    public override DateTimeOffset GetUtcNow() => world.GetUtcNow();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        new MachineTimer(world.CreateTimer(_ => Run(() => callback(state)), null, Scale(dueTime), Scale(period)), Scale);

    public void Pause() => IsPaused = true;

    public void Resume()
    {
        IsPaused = false;
        while (!IsPaused && _missed.TryDequeue(out var action))
        {
            action();
        }
    }

    /// <summary>Does something in the process: now, when it goes on, or never.</summary>
    public void Run(Action action)
    {
        if (IsPaused)
        {
            _missed.Enqueue(() => Run(action));
        }
        else if (!IsDead)
        {
            action();
        }
    }

    private TimeSpan Scale(TimeSpan time) => time > TimeSpan.Zero ? time / rate : time;

    private sealed class MachineTimer(ITimer timer, Func<TimeSpan, TimeSpan> scale) : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => timer.Change(scale(dueTime), scale(period));

        public void Dispose() => timer.Dispose();

        public ValueTask DisposeAsync() => timer.DisposeAsync();
    }
}
