using OrleansMqtt.Processes.Clusters;
using OrleansMqtt.Processes.Links;
using OrleansMqtt.PromiseCheck.Broker;
using OrleansMqtt.PromiseCheck.History;

namespace OrleansMqtt.Cluster.Tests.Nemesis;

/// <summary>Lets parts of a cluster fail as a plan says, for a time, and mends them: each round is over when all gateways serve again.</summary>
/// <param name="cluster">The cluster, with links.</param>
/// <param name="plan">What goes wrong.</param>
/// <param name="length">No round begins after this time.</param>
/// <param name="history">Is told when a round begins and ends.</param>
internal sealed class ClusterNemesis(ClusterProcesses cluster, NemesisPlan plan, TimeSpan length, HistoryLog history) : IBrokerControl, IDisposable
{
    private readonly IEnumerator<PlannedRound> _rounds = plan.Rounds().GetEnumerator();
    private readonly ClusterProbe _probe = new(cluster.Listeners);

    /// <inheritdoc/>
    public Task<string?> WaitUntilAcceptingAsync(CancellationToken stop) => _probe.RunAsync(stop);

    /// <inheritdoc/>
    public bool IsToFail(int cycles) => history.Now < length.TotalSeconds;

    /// <inheritdoc/>
    public async Task<BrokerCycle> CycleAsync(CancellationToken stop)
    {
        await cluster.RecoverAsync(); // What has ended by itself since.
        _rounds.MoveNext();
        var round = _rounds.Current;
        history.Add(new HistoryEvent { Kind = EventKind.Killing, Reason = round.ToString() });
        await Task.WhenAll(round.Faults.Select(BeginAsync));
        await Task.Delay(round.Length, TimeProvider.System, stop);
        await cluster.RecoverAsync();
        var problem = await _probe.RunAsync(stop);
        history.Add(new HistoryEvent { Kind = EventKind.Accepting });
        return new BrokerCycle($"suffered {round}", problem is null ? null : $"{round}: {problem}");
    }

    public void Dispose() => _rounds.Dispose();

    private Task BeginAsync(PlannedFault fault)
    {
        var part = cluster.Parts.Single(part => part.Name == fault.Part);
        switch (fault.Kind)
        {
            case FaultKind.Kill:
                return part.KillAsync();
            case FaultKind.Restart:
                return part.StopAsync();
            case FaultKind.Pause:
                part.Pause();
                break;
            case FaultKind.StallRedis:
                cluster.Links[part.Name].CutRedis(LinkCut.Stall);
                break;
            case FaultKind.ResetRedis:
                cluster.Links[part.Name].CutRedis(LinkCut.Reset);
                break;
            case FaultKind.StallPeers:
                cluster.Links[part.Name].CutPeers(LinkCut.Stall);
                break;
            case FaultKind.ResetPeers:
                cluster.Links[part.Name].CutPeers(LinkCut.Reset);
                break;
            case FaultKind.StallPeer:
                cluster.Links[part.Name].CutPeers(LinkCut.Stall, fault.From);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(fault), fault, "A fault of this kind cannot be made.");
        }

        return Task.CompletedTask;
    }
}
