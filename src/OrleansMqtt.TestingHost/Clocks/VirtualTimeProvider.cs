using OrleansMqtt.Actors.Timers;

namespace OrleansMqtt.TestingHost.Clocks;

/// <summary>The clock of the grains of a test that moves it. It stands while they handle the ticks of their timers.</summary>
internal sealed class VirtualTimeProvider() : SteppedTimeProvider(Start), ITickObserver
{
    /// <summary>When it begins.</summary>
    internal static readonly DateTimeOffset Start = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly Lock _lock = new();
    private TaskCompletionSource? _quiet;
    private int _ticks, _moving;

    /// <inheritdoc/>
    public void TickBegan()
    {
        lock (_lock)
            if (_ticks++ == 0) _quiet = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    /// <inheritdoc/>
    public void TickEnded()
    {
        lock (_lock)
            if (--_ticks == 0) _quiet!.SetResult();
    }

    /// <summary>Moves on, from one time at which timers are due to the next; at each of them until all ticks have been handled.</summary>
    /// <param name="by">How far, not negative.</param>
    /// <param name="limit">How long it may take, by the real clock.</param>
    /// <param name="cancellationToken">Stops waiting; the clock stays where it is.</param>
    /// <exception cref="InvalidOperationException">Somebody else is moving it.</exception>
    /// <exception cref="TimeoutException">It took longer than <paramref name="limit"/>.</exception>
    public async Task AdvanceAsync(TimeSpan by, TimeSpan limit, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(by, TimeSpan.Zero);
        if (Interlocked.Exchange(ref _moving, 1) != 0) throw new InvalidOperationException("The grains' clock is being moved already.");
        using var late = new CancellationTokenSource(limit, System);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        try
        {
            await AdvanceAsync(GetUtcNow() + by, stop.Token);
        }
        catch (OperationCanceledException) when (late.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"After {limit.TotalSeconds} s: it is {GetUtcNow():O}, and a grain still handles the tick of a timer. Does it wait for the clock that waits for it?");
        }
        finally
        {
            Volatile.Write(ref _moving, 0);
        }
    }

    private async Task AdvanceAsync(DateTimeOffset end, CancellationToken cancellationToken)
    {
        while (NextDue is { } due && due <= end)
        {
            MoveTo(due);
            while (TakeDue() is { } timer)
            {
                cancellationToken.ThrowIfCancellationRequested();
                timer.Call();
                await Quiet().WaitAsync(cancellationToken);
            }
        }
        MoveTo(end);
    }

    private Task Quiet()
    {
        lock (_lock) return _ticks == 0 ? Task.CompletedTask : _quiet!.Task;
    }
}
