namespace OrleansMqtt.Processes;

/// <summary>What a process left behind.</summary>
/// <param name="ExitCode">Its exit code; 128 + n when signal n ended it.</param>
/// <param name="Output">Lines of its standard output.</param>
/// <param name="Errors">Lines of its standard error.</param>
/// <param name="Transcript">Command line and both streams, for failure messages.</param>
internal sealed record ProcessResult(int ExitCode, IReadOnlyList<string> Output, IReadOnlyList<string> Errors, string Transcript)
{
    /// <summary>Fails the test, showing everything that the process said, unless it ended with <paramref name="exitCode"/>.</summary>
    public ProcessResult ShouldExitWith(int exitCode)
    {
        Assert.True(ExitCode == exitCode, $"exit code {ExitCode}, expected {exitCode}\n{Transcript}");
        return this;
    }
}
