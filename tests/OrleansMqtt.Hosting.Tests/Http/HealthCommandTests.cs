using OrleansMqtt.Hosting.Gateways;
using OrleansMqtt.Hosting.Http;

namespace OrleansMqtt.Hosting.Tests.Http;

public sealed class HealthCommandTests
{
    [Fact]
    public async Task Asks_the_process_that_has_the_same_settings()
    {
        using var stop = new CancellationTokenSource();
        var output = new SignallingWriter();
        var run = GatewayHost.RunAsync(
            ["--Listeners:default:Bind=127.0.0.1:0", "--Store:Path=memory", "--Http:Bind=0.0.0.0:0", "--Authentication:AllowAnonymous=true"], output, TextWriter.Null, stop.Token);
        Assert.Same(output.FirstLine, await Task.WhenAny(output.FirstLine, run));
        var port = new Uri((await output.FirstLine).Split("; ").Single(static part => part.StartsWith("http://", StringComparison.Ordinal))).Port;

        // The very argument of a container: any address, and settings that are not about HTTP.
        var (exitCode, answer) = await AskAsync($"--Http:Bind=0.0.0.0:{port}", "--Cluster:Redis=redis:6379");
        Assert.Equal(0, exitCode);
        Assert.StartsWith("""{"status":"ready",""", answer, StringComparison.Ordinal);
        await stop.CancelAsync();
        await run;
        (exitCode, answer) = await AskAsync($"--Http:Bind=0.0.0.0:{port}");
        Assert.Equal(1, exitCode);
        Assert.StartsWith($"127.0.0.1:{port} does not answer: ", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--Http:Bind=none", "Http:Bind names no port that could be asked.")]
    [InlineData("--Http:Bind=127.0.0.1:0", "Http:Bind names no port that could be asked.")]
    [InlineData("--Http:Bind=here", "Http:Bind is \"here\"; allowed is none, or host:port with an IP address or localhost and a port from 0 to 65535.")]
    public async Task Says_why_it_cannot_ask(string argument, string sentence) => Assert.Equal((1, sentence), await AskAsync(argument));

    private static async Task<(int ExitCode, string Output)> AskAsync(params string[] arguments)
    {
        using var output = new StringWriter();
        return (await HealthCommand.RunAsync(arguments, output), output.ToString().TrimEnd());
    }
}
