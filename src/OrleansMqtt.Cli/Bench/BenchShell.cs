using OrleansMqtt.Cli.Bench.Reports;

namespace OrleansMqtt.Cli.Bench;

/// <summary>What happens around every run: arguments that contradict each other, the report, the exit code.</summary>
/// <param name="console">Where to.</param>
/// <param name="json">File for JSON, "-" for standard output, or null.</param>
internal sealed class BenchShell(CliConsole console, string? json)
{
    private const string StandardOutput = "-";

    /// <summary>Runs and reports. Returns an <see cref="ExitCode"/>.</summary>
    /// <param name="contradiction">A sentence if there are arguments that do not go together.</param>
    /// <param name="run">The run, as far as its report; gets the display to show itself on.</param>
    public async Task<int> RunAsync(string? contradiction, Func<ProgressDisplay, Task<IReport>> run)
    {
        // Opened first: a file that cannot be written should not cost a run.
        await using var file = contradiction is null ? Open(out contradiction) : null;
        if (contradiction is not null)
        {
            await console.Error.WriteLineAsync(contradiction);
            return ExitCode.BadArguments;
        }

        var report = await run(new ProgressDisplay(console.Progress, console.Time));
        if (json == StandardOutput)
        {
            await console.Output.WriteLineAsync(report.ToJson());
        }
        else
        {
            foreach (var line in report.ToLines()) await console.Output.WriteLineAsync(line);
        }

        if (file is not null)
        {
            file.SetLength(0);
            await using var writer = new StreamWriter(file);
            await writer.WriteLineAsync(report.ToJson());
        }

        return report.IsFine ? ExitCode.Fine : ExitCode.Trouble;
    }

    private FileStream? Open(out string? problem)
    {
        problem = null;
        if (json is null or StandardOutput) return null;
        try
        {
            return new FileStream(json, FileMode.OpenOrCreate, FileAccess.Write);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            problem = $"Option --json is \"{json}\"; allowed is a file that can be written, or -.";
            return null;
        }
    }
}
