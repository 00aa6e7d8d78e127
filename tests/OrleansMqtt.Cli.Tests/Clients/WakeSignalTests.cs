using OrleansMqtt.Cli.Bench.Clients;

namespace OrleansMqtt.Cli.Tests.Clients;

public sealed class WakeSignalTests
{
    [Fact]
    public void A_signal_before_the_wait_is_kept_and_two_are_one()
    {
        var signal = new WakeSignal();
        signal.Set();
        signal.Set();
        Assert.True(signal.WaitAsync().AsTask().IsCompletedSuccessfully);
        var second = signal.WaitAsync().AsTask();
        Assert.False(second.IsCompleted);
        signal.Set();
        Assert.True(second.IsCompletedSuccessfully);
    }

    [Fact]
    public async Task No_signal_is_missed_between_threads()
    {
        const int rounds = 20_000;
        var (ping, pong) = (new WakeSignal(), new WakeSignal());
        var other = Task.Run(async () =>
        {
            for (var i = 0; i < rounds; i++)
            {
                await ping.WaitAsync();
                await Task.Yield();
                pong.Set();
            }
        }, TestContext.Current.CancellationToken);
        for (var i = 0; i < rounds; i++)
        {
            ping.Set();
            await pong.WaitAsync();
            await Task.Yield();
        }

        await other;
    }
}
