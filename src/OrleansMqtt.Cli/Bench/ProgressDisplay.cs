using System.Globalization;
using Spectre.Console;

namespace OrleansMqtt.Cli.Bench;

/// <summary>Shows a run on a terminal while it lasts; where nobody watches, just waits for it.</summary>
/// <param name="terminal">The terminal, or null.</param>
/// <param name="time">Clock and timers.</param>
internal sealed class ProgressDisplay(IAnsiConsole? terminal, TimeProvider time)
{
    private static readonly TimeSpan Round = TimeSpan.FromMilliseconds(250);

    /// <summary>Waits for a run.</summary>
    public async Task<T> ShowAsync<T>(RunStatus status, Task<T> run)
    {
        if (terminal is null) return await run;
        await terminal.Progress()
            .AutoClear(true)
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn())
            .StartAsync(async display =>
            {
                var task = display.AddTask(Describe(status, null), maxValue: 1);
                using var rounds = new PeriodicTimer(Round, time);
                var (lastCount, lastAt) = (status.Count, time.GetTimestamp());
                while (!run.IsCompleted)
                {
                    await Task.WhenAny(run, rounds.WaitForNextTickAsync().AsTask());
                    var (count, now) = (status.Count, time.GetTimestamp());
                    var rate = (count - lastCount) / Math.Max(time.GetElapsedTime(lastAt, now).TotalSeconds, 1e-3);
                    (lastCount, lastAt) = (count, now);
                    task.Description = Describe(status, rate);
                    task.Value = status.Fraction;
                }
            });
        return await run;
    }

    private static string Describe(RunStatus status, double? rate) => rate is > 0
        ? string.Create(CultureInfo.InvariantCulture, $"{status.Phase}, {status.Count:N0} ({rate:N0}/s)")
        : string.Create(CultureInfo.InvariantCulture, $"{status.Phase}, {status.Count:N0}");
}
