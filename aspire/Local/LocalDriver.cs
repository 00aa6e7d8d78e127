using System.Globalization;
using OrleansMqtt.AppHost.Local.Console;
using OrleansMqtt.AppHost.Local.Processes;
using OrleansMqtt.AppHost.Local.Programs;
using OrleansMqtt.AppHost.Local.Supervision;
using OrleansMqtt.AppHost.Topology;
using OrleansMqtt.Hosting.Configuration;
using SystemConsole = System.Console;

namespace OrleansMqtt.AppHost.Local;

/// <summary>Runs a topology as child processes.</summary>
internal static class LocalDriver
{
    private const string RedisServer = "redis-server";
    private static readonly TimeSpan HealthTimeout = TimeSpan.FromSeconds(5);

    /// <summary>Runs it until it is told to stop, or a program refuses its configuration. Returns an <see cref="ExitCode"/>.</summary>
    public static async Task<int> RunAsync(ClusterTopology topology, TextWriter output, TextWriter error, CancellationToken stop)
    {
        if (topology.Redis.ConnectionString is { } existing) return await RunAsync(topology, redis: null, existing, output, error, stop);
        if (ProgramPath.Find(RedisServer) is not { } file)
        {
            await error.WriteLineAsync($"{RedisServer} is not on the PATH; install it, or name a server that runs already with --redis.");
            return ExitCode.CannotStart;
        }
        using var directory = DataDirectory.Take(topology.Redis.DataDirectory, out var problem);
        if (directory is null)
        {
            await error.WriteLineAsync(problem);
            return ExitCode.CannotStart;
        }
        var port = FreePort.Find();
        return await RunAsync(topology, RedisProgram.Of(topology.Redis, file, port), string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}"), output, error, stop);
    }

    private static async Task<int> RunAsync(
        ClusterTopology topology, ProgramDescription? redis, string connectionString, TextWriter output, TextWriter error, CancellationToken stop)
    {
        using var starter = new ProcessStarter();
        var lifeline = await Lifeline.FindAsync(starter);
        if (!lifeline.IsThere)
            await error.WriteLineAsync("setpriv and setsid (util-linux) are not there: if this process is killed, what it started goes on, and Ctrl-C reaches all at once.");
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { Timeout = HealthTimeout };
        var hosts = new HostPrograms(connectionString, http, TimeProvider.System);
        IReadOnlyList<IReadOnlyList<ProgramDescription>> stages = [redis is null ? [] : [redis], [.. topology.Silos.Select(hosts.Of)], [.. topology.Gateways.Select(hosts.Of)]];
        var console = new LogConsole(
            output,
            [.. stages.SelectMany(static stage => stage).Select(static program => program.Name)],
            LogConsole.WantsColours(SystemConsole.IsOutputRedirected, Environment.GetEnvironmentVariable("NO_COLOR")));
        IReadOnlyList<IReadOnlyList<SupervisedProgram>> programs =
            [.. stages.Select(stage => (IReadOnlyList<SupervisedProgram>)[.. stage.Select(program => new SupervisedProgram(program, starter, lifeline, console, TimeProvider.System))])];
        var cluster = new LocalCluster(programs);
        try
        {
            await cluster.StartAsync(stop);
            if (!cluster.GivenUp.IsCompleted) await output.WriteLineAsync(ReadyLine.Of(topology, redis is null ? null : connectionString));
            await cluster.GivenUp.WaitAsync(stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // What it was waiting for.
        }
        var wasStopped = !cluster.GivenUp.IsCompleted;
        await cluster.StopAsync();
        foreach (var program in programs.SelectMany(static stage => stage)) program.Dispose();
        return wasStopped ? ExitCode.Stopped : ExitCode.BadConfiguration;
    }
}
