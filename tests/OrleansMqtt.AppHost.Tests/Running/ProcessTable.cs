using System.Diagnostics;
using System.Globalization;

namespace OrleansMqtt.AppHost.Tests.Running;

/// <summary>Processes that are not this one's children.</summary>
internal static class ProcessTable
{
    private static readonly TimeSpan HangGuard = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <summary>Whether it runs. One that has ended, and that nobody has asked for its exit code yet, does not.</summary>
    public static bool Runs(int process)
    {
        try
        {
            // The name may contain anything, a parenthesis too; the state comes behind the last one.
            var line = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/stat"));
            return line[(line.LastIndexOf(')') + 2)..] is not ['Z' or 'X', ..];
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException || IsNoSuchProcess(exception))
        {
            return false;
        }
    }

    /// <summary>SIGKILL.</summary>
    public static void Kill(int process)
    {
        using var found = Process.GetProcessById(process);
        found.Kill();
    }

    /// <summary>Waits until it does not run. The kernel does not announce the end of others' children.</summary>
    public static async Task GoneAsync(int process)
    {
        using var guard = new CancellationTokenSource(HangGuard);
        while (Runs(process))
        {
            if (guard.IsCancellationRequested) throw new Xunit.Sdk.XunitException($"process {process} still runs");
            await Task.Delay(Pause, TimeProvider.System, CancellationToken.None);
        }
    }

    // It ended between opening the file and reading it.
    private static bool IsNoSuchProcess(Exception exception) => exception is IOException && exception.Message.Contains("No such process", StringComparison.Ordinal);
}
