using OrleansMqtt.Cli.Bench;
using Spectre.Console;

namespace OrleansMqtt.Cli.Tests.Runs;

public sealed class ProgressDisplayTests
{
    [Fact]
    public async Task A_terminal_shows_what_the_run_does()
    {
        var written = new StringWriter();
        var (status, run) = (new RunStatus(), new TaskCompletionSource<int>());
        status.Enter("measuring", static () => double.NaN, () =>
        {
            run.TrySetResult(7); // Ends once it has been looked at.
            return 1_234;
        });
        var terminal = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.Yes, Interactive = InteractionSupport.Yes, Out = new AnsiConsoleOutput(written),
        });
        Assert.Equal(7, await new ProgressDisplay(terminal, TimeProvider.System).ShowAsync(status, run.Task));
        Assert.Contains("measuring, 1,234", written.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_terminal_it_only_waits() =>
        Assert.Equal(7, await new ProgressDisplay(null, TimeProvider.System).ShowAsync(new RunStatus(), Task.FromResult(7)));
}
