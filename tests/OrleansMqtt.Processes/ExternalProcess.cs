using System.Diagnostics;
using System.Runtime.InteropServices;

namespace OrleansMqtt.Processes;

/// <summary>
/// A child process with captured output and a hard limit on its life: past it, the process is killed by its id, and
/// whoever waits for it fails with all that it said.
/// </summary>
internal sealed class ExternalProcess : IAsyncDisposable
{
    /// <summary>Far above what any step takes on a loaded machine: it turns a hang into a failure and decides nothing else.</summary>
    public static readonly TimeSpan DefaultLimit = TimeSpan.FromMinutes(3);

    // Linux' numbers.
    private const int SignalKill = 9;
    private const int SignalTerminate = 15;
    private const int SignalContinue = 18;
    private const int SignalStop = 19;

    private readonly Process _process;
    private readonly string _commandLine;
    private readonly OutputLog _output = new();
    private readonly OutputLog _errors = new();
    private readonly CancellationTokenSource _limit;
    private readonly Task _completion;

    private ExternalProcess(Process process, string commandLine, TimeSpan limit)
    {
        (_process, Id) = (process, process.Id);
        _commandLine = commandLine;
        _limit = new CancellationTokenSource(limit, TimeProvider.System);
        _limit.Token.Register(Kill);
        _completion = Task.WhenAll(_output.ReadAsync(process.StandardOutput), _errors.ReadAsync(process.StandardError), process.WaitForExitAsync());
    }

    public static ExternalProcess Start(
        string fileName,
        IEnumerable<string> arguments,
        IReadOnlyDictionary<string, string>? environment = null,
        TimeSpan? limit = null)
    {
        var start = new ProcessStartInfo(fileName, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>()) start.Environment[name] = value;
        var process = Process.Start(start) ?? throw new InvalidOperationException($"{fileName} did not start");
        return new ExternalProcess(process, $"{fileName} {string.Join(' ', start.ArgumentList)}", limit ?? DefaultLimit);
    }

    /// <summary>Runs a process to its end.</summary>
    public static async Task<ProcessResult> RunAsync(string fileName, IEnumerable<string> arguments, string? input = null, TimeSpan? limit = null)
    {
        await using var process = Start(fileName, arguments, limit: limit);
        await process.WriteInputAsync(input ?? "");
        return await process.ExitAsync();
    }

    public int Id { get; }

    public bool HasExited => _completion.IsCompleted;

    public IReadOnlyList<string> Output => _output.Lines;

    public IReadOnlyList<string> Errors => _errors.Lines;

    public string Transcript => $"$ {_commandLine}\n--- stdout\n{_output.Excerpt}\n--- stderr\n{_errors.Excerpt}";

    /// <summary>Waits for a line on standard output; fails when the process ends, or its limit passes, without it.</summary>
    public Task<string> LineAsync(Func<string, bool> matches, string what) => LineAsync(_output, matches, what);

    /// <inheritdoc cref="LineAsync(Func{string, bool}, string)"/>
    public Task<string> LineAsync(string part) => LineAsync(line => line.Contains(part, StringComparison.Ordinal), part);

    /// <summary>Waits for the end of the process; fails when it did not come within the limit.</summary>
    public async Task<ProcessResult> ExitAsync()
    {
        await _completion;
        Assert.False(_limit.IsCancellationRequested, $"killed at its time limit\n{Transcript}");
        return new ProcessResult(_process.ExitCode, _output.Lines, _errors.Lines, Transcript);
    }

    /// <summary>SIGTERM: asks the process to stop.</summary>
    public void Terminate() => Signal(SignalTerminate);

    /// <summary>SIGSTOP: the process does nothing any more, and the kernel keeps its sockets open.</summary>
    public void Pause() => Signal(SignalStop);

    /// <summary>SIGCONT: a paused process goes on, without knowing that it was away.</summary>
    public void Continue() => Signal(SignalContinue);

    /// <summary>SIGKILL: the process says no good-bye, and the kernel closes its sockets. Returns when it has ended.</summary>
    public async Task KillAsync()
    {
        Signal(SignalKill);
        await _completion;
    }

    /// <summary>SIGKILL for the process and what it has started, if it still runs.</summary>
    public void Kill()
    {
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
    }

    public async ValueTask DisposeAsync()
    {
        Kill();
        await _completion;
        _limit.Dispose();
        _process.Dispose();
    }

    /// <summary>One that has ended by itself takes no signal.</summary>
    private void Signal(int signal) => Assert.True(SendSignal(Id, signal) == 0 || _process.HasExited, $"signal {signal} could not be sent\n{Transcript}");

    private async Task WriteInputAsync(string input)
    {
        await _process.StandardInput.WriteAsync(input);
        _process.StandardInput.Close();
    }

    private async Task<string> LineAsync(OutputLog log, Func<string, bool> matches, string what)
    {
        var line = await log.FirstAsync(matches);
        if (line is null) await _completion; // so that the transcript holds the other stream too
        return line ?? throw new Xunit.Sdk.XunitException($"ended without the line awaited: {what}\n{Transcript}");
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SendSignal(int processId, int signal);
}
