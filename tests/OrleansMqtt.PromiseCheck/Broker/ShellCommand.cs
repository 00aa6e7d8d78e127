using System.Diagnostics;

namespace OrleansMqtt.PromiseCheck.Broker;

/// <summary>Runs a command of the user's.</summary>
internal static class ShellCommand
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Runs a shell command, and waits for the shell: not for what it leaves running in the background, nor for the output of
    /// that. Output goes to a file rather than a pipe, which such a process would hold open.</summary>
    /// <returns>A sentence if it failed, or null.</returns>
    public static async Task<string?> RunAsync(string name, string command, TimeProvider time, CancellationToken stop)
    {
        var output = Path.GetTempFileName();
        try
        {
            var start = new ProcessStartInfo("/bin/sh") { UseShellExecute = false };
            string[] arguments = ["-c", "exec </dev/null >\"$1\" 2>&1; eval \"$2\"", "sh", output, command];
            foreach (var argument in arguments) start.ArgumentList.Add(argument);
            using var process = Process.Start(start) ?? throw new InvalidOperationException("There is no shell.");
            try
            {
                await process.WaitForExitAsync(stop).WaitAsync(Patience, time, stop);
            }
            catch (TimeoutException)
            {
                process.Kill();
                return $"The command of {name} took longer than {Patience.TotalSeconds:0} s: a server that it starts must go to the background.";
            }

            if (process.ExitCode == 0) return null;
            var said = (await File.ReadAllTextAsync(output, stop)).Trim();
            return $"The command of {name} ended with exit code {process.ExitCode}{(said.Length == 0 ? "." : $": {said}")}";
        }
        finally
        {
            File.Delete(output);
        }
    }
}
