using System.CommandLine;
using OrleansMqtt.Cli.Bench.Arguments;
using OrleansMqtt.Cli.Import;
using OrleansMqtt.Cli.Users;

namespace OrleansMqtt.Cli;

/// <summary>All commands.</summary>
internal static class CommandLine
{
    /// <summary>Parses and runs. Returns an <see cref="ExitCode"/>.</summary>
    public static async Task<int> RunAsync(string[] arguments, CliConsole console, CancellationToken stop)
    {
        var root = new RootCommand("Tools for MQTT brokers.") { BenchCommand.Create(console), ImportCommand.Create(console), PasswdCommand.Create(console) };
        var parsed = root.Parse(arguments);
        if (ArgumentProblem.Of(parsed) is { } problem)
        {
            await console.Error.WriteLineAsync(problem);
            return ExitCode.BadArguments;
        }

        var invocation = new InvocationConfiguration
        {
            Output = console.Output,
            Error = console.Error,
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = null, // Signals are Program's business: a command may take its time to end in order.
        };
        return await parsed.InvokeAsync(invocation, stop);
    }
}
