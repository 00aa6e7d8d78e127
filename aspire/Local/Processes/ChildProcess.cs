using System.Diagnostics;

namespace OrleansMqtt.AppHost.Local.Processes;

/// <summary>One run of a program.</summary>
internal sealed class ChildProcess : IDisposable
{
    private readonly Process _process;
    private readonly Task _lines;

    private ChildProcess(Process process, Action<string> onLine)
    {
        _process = process;
        Id = process.Id;
        // Children have no terminal to read from.
        process.StandardInput.Close();
        _lines = Task.WhenAll(PassOnAsync(process.StandardOutput, onLine), PassOnAsync(process.StandardError, onLine));
    }

    /// <summary>Its identifier.</summary>
    public int Id { get; }

    /// <summary>Starts it.</summary>
    /// <param name="starter">From which thread.</param>
    /// <param name="command">The command.</param>
    /// <param name="environment">What its environment has besides this process' own.</param>
    /// <param name="onLine">Gets each line that it writes, to standard output and error.</param>
    public static async Task<ChildProcess> StartAsync(
        ProcessStarter starter, (string File, IReadOnlyList<string> Arguments) command, IReadOnlyDictionary<string, string> environment, Action<string> onLine)
    {
        var start = new ProcessStartInfo(command.File, command.Arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment) start.Environment[name] = value;
        return new ChildProcess(await starter.StartAsync(start), onLine);
    }

    /// <summary>Waits until it has ended and all its lines are passed on. Returns its exit code.</summary>
    public async Task<int> WaitAsync()
    {
        await _process.WaitForExitAsync();
        await _lines;
        return _process.ExitCode;
    }

    /// <summary>Asks it to stop.</summary>
    public void Terminate()
    {
        // Its identifier stays its own until this object has seen its end.
        if (!_process.HasExited) Signal.SendTerminate(Id);
    }

    /// <summary>Ends it at once.</summary>
    public void Kill() => _process.Kill();

    /// <inheritdoc/>
    public void Dispose() => _process.Dispose();

    private static async Task PassOnAsync(StreamReader reader, Action<string> onLine)
    {
        while (await reader.ReadLineAsync() is { } line) onLine(line);
    }
}
