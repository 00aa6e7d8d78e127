using OrleansMqtt.TestingHost.Clocks;

namespace OrleansMqtt.TestingHost.Tests.Clocks;

public class WaitingTests
{
    [Fact]
    public async Task It_asks_until_nothing_is_missing()
    {
        var left = 3;
        await Waiting.UntilAsync(() => Task.FromResult(left-- > 0 ? "Something is missing." : null), TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        Assert.Equal(-1, left);
    }

    [Fact]
    public async Task When_it_gives_up_it_says_what_is_missing()
    {
        var failure = await Assert.ThrowsAsync<TimeoutException>(() => Waiting.UntilAsync(static () => Task.FromResult<string?>("silo-1 may not route."), TimeSpan.Zero, TestContext.Current.CancellationToken));
        Assert.Contains("silo-1 may not route.", failure.Message, StringComparison.Ordinal);
    }
}
