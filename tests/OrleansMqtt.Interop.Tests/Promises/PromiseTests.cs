using OrleansMqtt.Interop.Tests.Brokers;
using OrleansMqtt.Processes;

namespace OrleansMqtt.Interop.Tests.Promises;

/// <summary>A short run of the checker against the gateway as it is started by its users. Long runs are made by hand: see its README.</summary>
public sealed class PromiseTests
{
    // It starts the broker again four times and waits each time until all clients are served: a machine that is busy with something else takes minutes.
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(8);

    public PromiseTests() => InteropTarget.SkipIfForeign();

    [Fact]
    public async Task The_embedded_store_keeps_what_was_acknowledged_when_the_broker_is_killed()
    {
        using var broker = BrokerScripts.Embedded();
        await AssertKeptAsync(broker);
    }

    [Fact]
    public async Task Redis_keeps_what_was_acknowledged_when_it_and_the_broker_are_killed()
    {
        using var broker = BrokerScripts.WithRedis();
        await AssertKeptAsync(broker);
    }

    private static async Task AssertKeptAsync(BrokerScripts broker)
    {
        (await ExternalProcess.RunAsync("/bin/sh", ["-c", broker.Restart])).ShouldExitWith(0);
        var result = await ExternalProcess.RunAsync(
            BuiltProgram.DotNet,
            [
                BuiltProgram.PromiseCheck, "--target", $"127.0.0.1:{broker.Port}", "--kill", broker.Kill, "--restart", broker.Restart,
                "--cycles", "4", "--interval", "1.5", "--will-delay", "1", "--quiet", "4",
            ],
            limit: Limit);

        Assert.True(result.ExitCode == 0, $"exit code {result.ExitCode}\n{result.Transcript}\n{broker.Logs}");
    }
}
