using System.Net;
using OrleansMqtt.PromiseCheck.Clients;
using OrleansMqtt.PromiseCheck.History;

namespace OrleansMqtt.PromiseCheck.Broker;

/// <summary>Kills the broker and starts it again, by the commands of the user, and makes sure that it happened.</summary>
internal sealed class BrokerControl(EndPoint broker, string? kill, string? restart, HistoryLog history, TimeProvider time)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan DyingPatience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan StartingPatience = TimeSpan.FromSeconds(60);

    /// <summary>Waits until the port accepts connections.</summary>
    /// <returns>A sentence if it does not, or null.</returns>
    public async Task<string?> WaitUntilAcceptingAsync(CancellationToken stop) =>
        await WaitUntilAsync(accepting: true, StartingPatience, stop)
            ? null
            : $"Nothing accepts connections at {broker} within {StartingPatience.TotalSeconds:0} s.";

    /// <summary>Kills the broker, and starts it again.</summary>
    /// <returns>A sentence if that failed, or null.</returns>
    public async Task<string?> CycleAsync(CancellationToken stop)
    {
        history.Add(new HistoryEvent { Kind = EventKind.Killing });
        if (await ShellCommand.RunAsync("--kill", kill!, time, stop) is { } killProblem) return killProblem;
        if (!await WaitUntilAsync(accepting: false, DyingPatience, stop)) return $"{broker} still accepts connections after --kill.";
        history.Add(new HistoryEvent { Kind = EventKind.Killed });
        if (await ShellCommand.RunAsync("--restart", restart!, time, stop) is { } restartProblem) return restartProblem;
        if (await WaitUntilAcceptingAsync(stop) is { } startProblem) return startProblem;
        history.Add(new HistoryEvent { Kind = EventKind.Accepting });
        return null;
    }

    private async Task<bool> WaitUntilAsync(bool accepting, TimeSpan patience, CancellationToken stop)
    {
        var start = time.GetTimestamp();
        while (time.GetElapsedTime(start) < patience)
        {
            using (var link = await Link.OpenAsync(broker, time, stop))
            {
                if (link is not null == accepting) return true;
            }

            await Task.Delay(Pause, time, stop);
        }

        return false;
    }
}
