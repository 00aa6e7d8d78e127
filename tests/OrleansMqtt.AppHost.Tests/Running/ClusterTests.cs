namespace OrleansMqtt.AppHost.Tests.Running;

/// <summary>The topology as real processes: Redis, silos, gateways.</summary>
public sealed class ClusterTests
{
    [Fact]
    public async Task A_message_crosses_gateways_a_killed_silo_comes_back_and_everything_stops_in_order()
    {
        await using var cluster = AppHostProcess.Start(gateways: 2, silos: 2);
        await cluster.ReadyAsync();
        await Crossing.SucceedsAsync(cluster.FirstPort, cluster.FirstPort + 1);

        var killed = cluster.ProcessOf("silo-1");
        ProcessTable.Kill(killed);
        await cluster.ReadyAgainAsync("silo-1");
        Assert.NotEqual(killed, cluster.ProcessOf("silo-1"));
        Assert.Contains(cluster.Output, static line => line.StartsWith("silo-1", StringComparison.Ordinal) && line.Contains("(ended with 137; restart 1 in ", StringComparison.Ordinal));
        await Crossing.SucceedsAsync(cluster.FirstPort + 1, cluster.FirstPort);

        var processes = cluster.Processes;
        Assert.Equal(6, processes.Count);
        (await cluster.StopAsync()).ShouldExitWith(0);
        Assert.DoesNotContain(processes, ProcessTable.Runs);
        Assert.Equal(["gateway", "gateway", "silo", "silo", "redis"], cluster.Output.Where(static line => line.EndsWith("(stopped, exit code 0)", StringComparison.Ordinal)).Select(static line => line.Split('-', ' ')[0]));
    }

    [Fact]
    public async Task Nothing_outlives_a_program_that_is_killed()
    {
        await using var cluster = AppHostProcess.Start(gateways: 1, silos: 1);
        await cluster.ReadyAsync();
        Assert.Equal(3, cluster.Processes.Count);
        await cluster.KillAsync();
        foreach (var process in cluster.Processes) await ProcessTable.GoneAsync(process);
    }

    [Fact]
    public async Task Told_to_stop_before_it_is_ready_it_leaves_nothing()
    {
        await using var cluster = AppHostProcess.Start(gateways: 1, silos: 1);
        await cluster.StartedAsync("silo-1");
        (await cluster.StopAsync()).ShouldExitWith(0);
        Assert.DoesNotContain(cluster.Processes, ProcessTable.Runs);
    }

    [Fact]
    public async Task A_configuration_that_is_refused_ends_everything()
    {
        await using var cluster = AppHostProcess.Start(gateways: 1, silos: 1, new Dictionary<string, string> { ["OrleansMqtt__Unheard"] = "1" });
        (await cluster.ExitAsync()).ShouldExitWith(2);
        Assert.Contains(cluster.Output, static line => line.StartsWith("silo-1", StringComparison.Ordinal) && line.Contains("Unheard is not a known key", StringComparison.Ordinal));
        Assert.DoesNotContain(cluster.Processes, ProcessTable.Runs);
    }

    [Fact]
    public async Task Without_redis_server_it_says_so()
    {
        await using var process = AppHostProcess.Launch(new Dictionary<string, string> { ["PATH"] = "/nowhere" });
        var result = (await process.ExitAsync()).ShouldExitWith(1);
        Assert.Equal(["redis-server is not on the PATH; install it, or name a server that runs already with --redis."], result.Errors);
    }
}
