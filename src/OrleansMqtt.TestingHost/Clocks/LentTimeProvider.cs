namespace OrleansMqtt.TestingHost.Clocks;

/// <summary>A clock as it is given to parts that end before it: they have nothing to dispose of.</summary>
// The containers of Microsoft Orleans know the clock under a second name, and would dispose of it with the first silo that ends.
internal sealed class LentTimeProvider(TimeProvider clock) : TimeProvider
{
    /// <inheritdoc/>
    public override long TimestampFrequency => clock.TimestampFrequency;

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => clock.GetUtcNow();

    /// <inheritdoc/>
    public override long GetTimestamp() => clock.GetTimestamp();

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => clock.CreateTimer(callback, state, dueTime, period);
}
