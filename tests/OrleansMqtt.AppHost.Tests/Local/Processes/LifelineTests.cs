using System.Diagnostics;
using OrleansMqtt.AppHost.Local.Processes;
using OrleansMqtt.Interop.Tests.Processes;

namespace OrleansMqtt.AppHost.Tests.Local.Processes;

public sealed class LifelineTests
{
    private static readonly string[] Echo = ["one two", "$three"];

    [Fact]
    public void Without_it_a_command_stays_as_it_is()
    {
        var (file, arguments) = new Lifeline(false).Tie("echo", Echo, 1);
        Assert.Equal("echo", file);
        Assert.Equal(Echo, arguments);
    }

    [Fact]
    public async Task With_it_the_program_gets_its_arguments_unchanged()
    {
        var (exitCode, output) = await RunTiedAsync(Environment.ProcessId);
        Assert.Equal((0, "one two $three"), (exitCode, output.TrimEnd()));
    }

    [Fact]
    public async Task Whose_parent_died_meanwhile_does_not_begin()
    {
        var (exitCode, output) = await RunTiedAsync(parent: 1);
        Assert.Equal((1, ""), (exitCode, output));
    }

    private static async Task<(int ExitCode, string Output)> RunTiedAsync(int parent)
    {
        Tool.Require("setpriv", "setsid");
        using var starter = new ProcessStarter();
        Assert.True((await Lifeline.FindAsync(starter)).IsThere);
        var (file, arguments) = new Lifeline(true).Tie("echo", Echo, parent);
        using var process = await starter.StartAsync(new ProcessStartInfo(file, arguments) { RedirectStandardOutput = true });
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, output);
    }
}
