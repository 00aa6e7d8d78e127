using OrleansMqtt.PromiseCheck.Broker;

namespace OrleansMqtt.PromiseCheck.Tests.Broker;

public sealed class ShellCommandTests
{
    [Fact]
    public async Task A_command_that_works_says_nothing() => Assert.Null(await RunAsync("echo all is well"));

    [Fact]
    public async Task A_command_that_fails_is_named_with_what_it_said() =>
        Assert.Equal("The command of --kill ended with exit code 3: no such broker", await RunAsync("echo no such broker >&2; exit 3"));

    [Fact]
    public async Task What_runs_on_in_the_background_is_not_waited_for()
    {
        var folder = Directory.CreateTempSubdirectory("promise-check-");
        try
        {
            // The process in the background ends when the pipe is written to, which happens after the command has ended.
            var pipe = Path.Combine(folder.FullName, "pipe");
            Assert.Null(await RunAsync($"mkfifo '{pipe}' && (read line; echo done) <'{pipe}' &"));
            Assert.Null(await RunAsync($"until test -p '{pipe}'; do :; done; echo end >'{pipe}'"));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static Task<string?> RunAsync(string command) =>
        ShellCommand.RunAsync("--kill", command, TimeProvider.System, TestContext.Current.CancellationToken);
}
