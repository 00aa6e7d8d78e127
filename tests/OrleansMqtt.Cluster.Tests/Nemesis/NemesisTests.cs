using System.Globalization;
using System.Security.Cryptography;
using OrleansMqtt.Processes;
using OrleansMqtt.Processes.Clusters;
using OrleansMqtt.PromiseCheck.Arguments;
using OrleansMqtt.PromiseCheck.History;
using OrleansMqtt.PromiseCheck.Reports;
using OrleansMqtt.PromiseCheck.Runs;

namespace OrleansMqtt.Cluster.Tests.Nemesis;

/// <summary>
/// The checker of promises against two gateways, three silos and Redis, while a nemesis kills, pauses and restarts them and cuts their links. It runs for two minutes, or as many as
/// <c>ORLEANSMQTT_NEMESIS_MINUTES</c> says; <c>ORLEANSMQTT_NEMESIS_SEED</c> repeats the plan of a run, and <c>ORLEANSMQTT_NEMESIS_HISTORY</c> names a file for its history.
/// </summary>
public sealed class NemesisTests(ITestOutputHelper output)
{
    private const double DefaultMinutes = 2;

    /// <summary>What the end of a run may take beyond its length.</summary>
    private static readonly TimeSpan Rest = TimeSpan.FromMinutes(15);

    [Fact]
    public async Task Every_promise_is_kept()
    {
        var length = TimeSpan.FromMinutes(Number("MINUTES", DefaultMinutes));
        var settings = Settings((int)Number("SEED", RandomNumberGenerator.GetInt32(int.MaxValue)));
        output.WriteLine($"Seed {settings.Seed}.");
        var file = Environment.GetEnvironmentVariable("ORLEANSMQTT_NEMESIS_HISTORY") is { Length: > 0 } path ? new StreamWriter(path) : null;
        await using var closing = file;
        await using var cluster = await ClusterProcesses.StartAsync(new ClusterShape { HasLinks = true, Lifetime = length + Rest });
        var history = new HistoryLog(TimeProvider.System, file);
        var plan = new NemesisPlan(settings.Seed, [.. cluster.Silos.Select(static s => s.Name)], [.. cluster.Gateways.Select(static g => g.Name)], cluster.Redis.Name);
        using var nemesis = new ClusterNemesis(cluster, plan, length, history);
        using var progress = new OutputWriter(output);

        var problem = await new CheckRun(settings with { Targets = cluster.Listeners }, nemesis, history, TimeProvider.System, progress).RunAsync(TestContext.Current.CancellationToken);
        Assert.True(problem is null, $"seed {settings.Seed}: {problem}\n{cluster.Transcript}");
        var report = CheckReport.Of(settings, history.Snapshot());
        var lines = string.Join('\n', ReportText.Lines(report));
        output.WriteLine(lines);
        Assert.True(report.IsFine, $"{lines}\n{cluster.Transcript}");
    }

    private static CheckSettings Settings(int seed) => new()
    {
        Targets = [],
        IsPartial = true,
        Cycles = int.MaxValue,
        Interval = 3,
        Seed = seed,
        Publishers = 2,
        Topics = 3,
        Rate = 15,
        Window = 20,
        Size = 64,
        Subscribers = 4,
        Registers = 4,
        SharedRegisters = 2,
        Readers = 2,
        Wills = 8,
        WillDelay = 2,
        // A lease of a gateway, the same again where the registry has died with it, and what a loaded machine adds.
        Detection = BuiltProgram.IsForOrleans ? 35 : 15,
        Quiet = 10,
        Show = 3,
        IsJson = false,
    };

    private static double Number(string name, double fallback) =>
        Environment.GetEnvironmentVariable($"ORLEANSMQTT_NEMESIS_{name}") is { Length: > 0 } text ? double.Parse(text, CultureInfo.InvariantCulture) : fallback;
}
