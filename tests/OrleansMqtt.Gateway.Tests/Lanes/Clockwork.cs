using System.Threading.Channels;
using OrleansMqtt.Tests;

namespace OrleansMqtt.Gateway.Tests.Lanes;

/// <summary>Lets the time pass that somebody waits for, as soon as somebody does: pauses before a repeat, patience with a receiver.</summary>
internal sealed class Clockwork : IAsyncDisposable
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(1);
    private readonly Channel<TimeSpan> _waits = Channel.CreateUnbounded<TimeSpan>();
    private readonly ManualTimeProvider _time;
    private readonly Task _running;

    public Clockwork(ManualTimeProvider time)
    {
        _time = time;
        time.TimerSet += OnTimerSet;
        _running = Task.Run(RunAsync);
    }

    public async ValueTask DisposeAsync()
    {
        _time.TimerSet -= OnTimerSet;
        _waits.Writer.Complete();
        await _running;
    }

    private void OnTimerSet(TimeSpan due)
    {
        if (due > TimeSpan.Zero && due <= Longest) _waits.Writer.TryWrite(due);
    }

    private async Task RunAsync()
    {
        await foreach (var due in _waits.Reader.ReadAllAsync()) _time.Advance(due);
    }
}
