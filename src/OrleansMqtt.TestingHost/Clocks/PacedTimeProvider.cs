namespace OrleansMqtt.TestingHost.Clocks;

/// <summary>
/// The clock of a test cluster. It goes with real time, but in small steps, each of them work of the thread pool like that of the cluster: a process that gets no processor for
/// a while has not lost its leases when it goes on.
/// </summary>
internal sealed class PacedTimeProvider : SteppedTimeProvider, IAsyncDisposable
{
    /// <summary>The longest step: little longer than the pace, so that the clock slows down with the process.</summary>
    internal static readonly TimeSpan LongestStep = TimeSpan.FromMilliseconds(8);

    private static readonly TimeSpan DefaultPace = TimeSpan.FromMilliseconds(5);
    private readonly PeriodicTimer _ticks;
    private readonly Task _running;

    /// <summary>Starts the clock.</summary>
    /// <param name="pace">From one step to the next; infinite: it stands but for <see cref="Step"/>. Default: 5 milliseconds.</param>
    public PacedTimeProvider(TimeSpan? pace = null)
        : base(System.GetUtcNow())
    {
        _ticks = new PeriodicTimer(pace ?? DefaultPace, System);
        _running = Task.Run(RunAsync);
    }

    /// <summary>Stops the clock.</summary>
    public async ValueTask DisposeAsync()
    {
        _ticks.Dispose();
        await _running;
    }

    /// <summary>Goes on by so much, at most <see cref="LongestStep"/>.</summary>
    internal void Step(TimeSpan elapsed)
    {
        MoveTo(GetUtcNow() + (elapsed < LongestStep ? elapsed : LongestStep));
        while (TakeDue() is { } timer) ThreadPool.UnsafeQueueUserWorkItem(static timer => timer.Call(), timer, preferLocal: false);
    }

    private async Task RunAsync()
    {
        var last = System.GetTimestamp();
        while (await _ticks.WaitForNextTickAsync())
        {
            var now = System.GetTimestamp();
            Step(System.GetElapsedTime(last, now));
            last = now;
        }
    }
}
