using System.Net.Sockets;
using OrleansMqtt.Gateway.Tests.Harness;
using Listener = OrleansMqtt.Gateway.Listeners.Listener;

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
            if (due == Listener.RetryDelay) waits.Release();
        };
        for (var i = 0; i < 3; i++)
        {
            broker.Transport.FailAccept(new SocketException((int)SocketError.TooManyOpenSockets));
            Assert.True(await waits.WaitAsync(TestBroker.HangGuard, TestContext.Current.CancellationToken));
            broker.Time.Advance(Listener.RetryDelay);
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
            if (due == Listener.RetryDelay) waiting.TrySetResult();
        };
        broker.Transport.FailAccept(new SocketException((int)SocketError.TooManyOpenSockets));
        await waiting.Task.WaitAsync(TestBroker.HangGuard, TestContext.Current.CancellationToken);

        // Its clock stands still.
        await broker.StopAsync().WaitAsync(TestBroker.HangGuard, TestContext.Current.CancellationToken);
    }
}
