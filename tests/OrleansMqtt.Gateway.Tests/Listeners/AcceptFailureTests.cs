using System.Net.Sockets;
using OrleansMqtt.Gateway.Tests.Harness;

namespace OrleansMqtt.Gateway.Tests.Listeners;

public sealed class AcceptFailureTests
{
    [Fact]
    public async Task A_failed_accept_does_not_end_the_listener()
    {
        await using var broker = await TestBroker.StartAsync();
        var before = await broker.ConnectAsync("before");
        var waits = new SemaphoreSlim(0);
        broker.Time.TimerSet += due =>
        {
            // The listener's pause before it goes on.
            if (due == TimeSpan.FromMilliseconds(100)) waits.Release();
        };
        for (var i = 0; i < 3; i++)
        {
            broker.Transport.FailAccept(new SocketException((int)SocketError.TooManyOpenSockets));
            Assert.True(await waits.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken));
            broker.Time.Advance(TimeSpan.FromMilliseconds(100));
        }
        var after = await broker.ConnectAsync("after");

        await before.SubscribeAsync("t");
        await after.PublishAsync("t", "still here", Protocol.Packets.QualityOfService.AtLeastOnce);
        Assert.Equal("still here", await before.ReceiveTextAsync());
    }

    [Fact]
    public async Task A_listener_that_waits_after_a_failed_accept_stops_at_once()
    {
        var waiting = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var broker = await TestBroker.StartAsync();
        broker.Time.TimerSet += due =>
        {
            if (due == TimeSpan.FromMilliseconds(100)) waiting.TrySetResult();
        };
        broker.Transport.FailAccept(new SocketException((int)SocketError.TooManyOpenSockets));
        await waiting.Task.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);

        // Its clock stands still.
        await broker.StopAsync().WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
    }
}
