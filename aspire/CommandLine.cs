using System.CommandLine;
using OrleansMqtt.AppHost.Topology;
using OrleansMqtt.Cli.Options;
using OrleansMqtt.Hosting.Configuration;

namespace OrleansMqtt.AppHost;

/// <summary>Runs a topology until it is told to stop. Returns an <see cref="ExitCode"/>.</summary>
internal delegate Task<int> RunTopology(ClusterTopology topology, TextWriter output, TextWriter error, CancellationToken stop);

/// <summary>The one command.</summary>
internal static class CommandLine
{
    /// <summary>Parses and runs. Returns an <see cref="ExitCode"/>.</summary>
    public static async Task<int> RunAsync(string[] arguments, RunTopology run, TextWriter output, TextWriter error, CancellationToken stop)
    {
        var root = new RootCommand("Runs a cluster on this machine, Redis, silos and gateways, until Ctrl-C.");
        var options = new TopologyOptions();
        options.AddTo(root);
        root.SetAction(async (parsed, cancellation) =>
        {
            if (options.Read(parsed, out var problem) is { } topology) return await run(topology, output, error, cancellation);
            await error.WriteLineAsync(problem);
            return ExitCode.BadConfiguration;
        });
        var parsed = root.Parse(arguments);
        if (ProblemOf(parsed) is { } problem)
        {
            await error.WriteLineAsync(problem);
            return ExitCode.BadConfiguration;
        }
        var invocation = new InvocationConfiguration
        {
            Output = output,
            Error = error,
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = null, // Signals are Program's business.
        };
        return await parsed.InvokeAsync(invocation, stop);
    }

    private static string? ProblemOf(ParseResult parsed)
    {
        if (parsed.Errors.Count == 0) return null;
        return parsed.UnmatchedTokens.Count > 0
            ? $"Argument \"{parsed.UnmatchedTokens[0]}\" is not known; allowed is {string.Join(", ", parsed.CommandResult.Command.Options.Select(static o => o.Name))}."
            : OptionProblem.Of(parsed.Errors);
    }
}
