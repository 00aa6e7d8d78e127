using Orleans;
using Orleans.Runtime;

namespace OrleansMqtt.TestingHost.Tests.Clocks;

/// <summary>A user's grain with a timer.</summary>
[Alias("OrleansMqtt.TestingHost.Tests.ITickingGrain")]
public interface ITickingGrain : IGrainWithStringKey
{
    /// <summary>Sets a timer, which ends itself in its own tick if it is to tick once.</summary>
    [Alias("Start")]
    Task<string> StartAsync(TimeSpan period, bool once);

    /// <summary>Sets a reminder.</summary>
    [Alias("Remind")]
    Task RemindAsync(TimeSpan period);

    /// <summary>How often it has ticked, and when at last, in seconds.</summary>
    [Alias("Read")]
    Task<(int Ticks, double Last)> ReadAsync();
}

public sealed class TickingGrain(TimeProvider time, ILocalSiloDetails silo) : Grain, ITickingGrain, IRemindable
{
    private readonly DateTimeOffset _began = time.GetUtcNow();
    private IGrainTimer? _timer;
    private (int, double) _ticks;

    /// <summary>What the next tick waits for, in the middle.</summary>
    internal static TaskCompletionSource? Gate { get; set; }

    public Task<string> StartAsync(TimeSpan period, bool once)
    {
        _timer = this.RegisterGrainTimer(() => TickAsync(once), new GrainTimerCreationOptions(period, period) { Interleave = true });
        return Task.FromResult(silo.Name);
    }

    public Task RemindAsync(TimeSpan period) => this.RegisterOrUpdateReminder("reminder", period, period);

    public Task ReceiveReminder(string reminderName, TickStatus status) => TickAsync(once: false);

    public Task<(int Ticks, double Last)> ReadAsync() => Task.FromResult(_ticks);

    private async Task TickAsync(bool once)
    {
        if (once) _timer!.Dispose();
        if (Gate is { } gate) await gate.Task;
        _ticks = (_ticks.Item1 + 1, (time.GetUtcNow() - _began).TotalSeconds);
    }
}
