using System.Net;
using OrleansMqtt.PromiseCheck.Arguments;
using OrleansMqtt.PromiseCheck.Clients;
using OrleansMqtt.PromiseCheck.History;

namespace OrleansMqtt.PromiseCheck.Broker;

/// <summary>Kills the broker and starts it again, by the commands of the user, and makes sure that it happened. Where a part of it may go on running, only the command knows
/// what is dead.</summary>
internal sealed class BrokerControl(CheckSettings settings, HistoryLog history, TimeProvider time) : IBrokerControl
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan DyingPatience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan StartingPatience = TimeSpan.FromSeconds(60);

    /// <inheritdoc/>
    public async Task<string?> WaitUntilAcceptingAsync(CancellationToken stop)
    {
        foreach (var target in settings.Targets)
        {
            if (!await WaitUntilAsync(target, accepting: true, StartingPatience, stop))
                return $"Nothing accepts connections at {target} within {StartingPatience.TotalSeconds:0} s.";
        }

        return null;
    }

    /// <inheritdoc/>
    public bool IsToFail(int cycles) => cycles < settings.Cycles;

    /// <inheritdoc/>
    public async Task<BrokerCycle> CycleAsync(CancellationToken stop) => new("was killed", await KillAndRestartAsync(stop));

    private async Task<string?> KillAndRestartAsync(CancellationToken stop)
    {
        history.Add(new HistoryEvent { Kind = EventKind.Killing });
        if (await ShellCommand.RunAsync("--kill", settings.Kill!, time, stop) is { } killProblem) return killProblem;
        if (!settings.IsPartial && await WaitUntilDeadAsync(stop) is { } lifeProblem) return lifeProblem;
        history.Add(new HistoryEvent { Kind = EventKind.Killed });
        if (await ShellCommand.RunAsync("--restart", settings.Restart!, time, stop) is { } restartProblem) return restartProblem;
        if (await WaitUntilAcceptingAsync(stop) is { } startProblem) return startProblem;
        history.Add(new HistoryEvent { Kind = EventKind.Accepting });
        return null;
    }

    private async Task<string?> WaitUntilDeadAsync(CancellationToken stop)
    {
        foreach (var target in settings.Targets)
        {
            if (!await WaitUntilAsync(target, accepting: false, DyingPatience, stop)) return $"{target} still accepts connections after --kill.";
        }

        return null;
    }

    private async Task<bool> WaitUntilAsync(EndPoint target, bool accepting, TimeSpan patience, CancellationToken stop)
    {
        var start = time.GetTimestamp();
        while (time.GetElapsedTime(start) < patience)
        {
            using (var link = await Link.OpenAsync(target, time, stop))
            {
                if (link is not null == accepting) return true;
            }

            await Task.Delay(Pause, time, stop);
        }

        return false;
    }
}
