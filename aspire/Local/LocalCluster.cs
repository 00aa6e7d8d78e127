using OrleansMqtt.AppHost.Local.Supervision;

namespace OrleansMqtt.AppHost.Local;

/// <summary>All programs of a topology, in stages: each is started when the ones before it serve, and stopped before they are.</summary>
/// <param name="stages">Redis, silos, gateways.</param>
internal sealed class LocalCluster(IReadOnlyList<IReadOnlyList<SupervisedProgram>> stages)
{
    /// <summary>Completes when a program is not started any more though nobody stopped it.</summary>
    public Task GivenUp { get; private set; } = new TaskCompletionSource().Task;

    /// <summary>Starts all; returns when all serve, or one is given up.</summary>
    public async Task StartAsync(CancellationToken stop)
    {
        var ended = new List<Task> { GivenUp };
        foreach (var stage in stages)
        {
            foreach (var program in stage)
            {
                program.Start();
                ended.Add(program.Ended);
            }
            GivenUp = Task.WhenAny(ended);
            await Task.WhenAny(Task.WhenAll(stage.Select(static program => program.Ready)), GivenUp).WaitAsync(stop);
            if (GivenUp.IsCompleted) return;
        }
    }

    /// <summary>Stops what was started.</summary>
    public async Task StopAsync()
    {
        foreach (var stage in stages.Reverse()) await Task.WhenAll(stage.Select(static program => program.StopAsync()));
    }
}
