using System.Text.Json;

namespace OrleansMqtt.Cli.Tests.Harness;

/// <summary>The command line, run in this process.</summary>
internal static class Tool
{
    /// <summary>Runs it as a user would who is not on a terminal.</summary>
    public static async Task<ToolResult> RunAsync(
        string arguments, CancellationToken? stop = null, IReadOnlyDictionary<string, string>? environment = null, SecretInput? secrets = null)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        var console = new CliConsole(output, error, null, TimeProvider.System, name => environment?.GetValueOrDefault(name));
        if (secrets is not null) console = console with { Secrets = secrets };
        var words = arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var code = await CommandLine.RunAsync(words, console, stop ?? TestContext.Current.CancellationToken);
        return new ToolResult(code, output.ToString(), error.ToString().TrimEnd());
    }
}

/// <summary>What it said.</summary>
internal sealed record ToolResult(int Code, string Output, string Error)
{
    public JsonElement Json => JsonDocument.Parse(Output).RootElement;

    public long Message(string count) => Json.GetProperty("messages").GetProperty(count).GetInt64();

    public string[] Problems => [.. Json.GetProperty("problems").EnumerateArray().Select(static p => p.GetString()!)];

    /// <summary>Fails, showing all that was said, unless it ended with this code.</summary>
    public ToolResult ShouldExitWith(int code)
    {
        Assert.True(Code == code, $"exit code {Code}, expected {code}\n{Output}\n{Error}");
        return this;
    }
}
