using System.CommandLine;
using OrleansMqtt.PromiseCheck.Arguments;
using OrleansMqtt.PromiseCheck.Broker;
using OrleansMqtt.PromiseCheck.History;
using OrleansMqtt.PromiseCheck.Reports;
using OrleansMqtt.PromiseCheck.Runs;

namespace OrleansMqtt.PromiseCheck;

/// <summary>The one command.</summary>
internal static class CommandLine
{
    /// <summary>Parses and runs. Returns an <see cref="ExitCode"/>.</summary>
    public static async Task<int> RunAsync(string[] arguments, TextWriter output, TextWriter error, TimeProvider time, CancellationToken stop)
    {
        var root = new RootCommand("Kills and restarts an MQTT broker under load, and checks that what it acknowledged is still there.");
        var options = new CheckOptions();
        options.AddTo(root);
        root.SetAction(async (parsed, cancellation) =>
        {
            if (options.Read(parsed, out var missing) is { } settings) return await CheckAsync(settings, output, error, time, cancellation);
            await error.WriteLineAsync(missing);
            return ExitCode.BadArguments;
        });
        var parsed = root.Parse(arguments);
        if (ArgumentProblem.Of(parsed) is { } problem)
        {
            await error.WriteLineAsync(problem);
            return ExitCode.BadArguments;
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

    private static async Task<int> CheckAsync(
        CheckSettings settings, TextWriter output, TextWriter error, TimeProvider time, CancellationToken stop)
    {
        StreamWriter? file;
        try
        {
            file = settings.HistoryFile is null ? null : new StreamWriter(settings.HistoryFile);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            await error.WriteLineAsync($"Option --history is \"{settings.HistoryFile}\"; allowed is a file that can be written.");
            return ExitCode.BadArguments;
        }

        await using (file)
        {
            await error.WriteLineAsync($"Seed {settings.Seed}.");
            var history = new HistoryLog(time, file);
            if (await RunAsync(settings, history, time, error, stop) is { } problem)
            {
                await error.WriteLineAsync(problem);
                return ExitCode.Trouble;
            }

            var report = CheckReport.Of(settings, history.Snapshot());
            foreach (var line in settings.IsJson ? [ReportJson.Write(report)] : ReportText.Lines(report)) await output.WriteLineAsync(line);
            return report.IsFine ? ExitCode.Fine : ExitCode.Trouble;
        }
    }

    private static async Task<string?> RunAsync(
        CheckSettings settings, HistoryLog history, TimeProvider time, TextWriter error, CancellationToken stop)
    {
        try
        {
            return await new CheckRun(settings, new BrokerControl(settings, history, time), history, time, error).RunAsync(stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return "Stopped: a history cut short cannot be checked.";
        }
    }
}
