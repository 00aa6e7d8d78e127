using OrleansMqtt.Gateways;
using OrleansMqtt.Grains.Tests.Support;
using OrleansMqtt.Messages;
using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.Grains.Tests.Gateways;

/// <summary>What waits for what at a gateway that grains call.</summary>
public sealed class GatewayEndpointTests
{
    private static readonly TimeSpan HangGuard = TimeSpan.FromSeconds(30);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_connection_that_ends_keeps_nothing_from_the_others()
    {
        await using var silo = await TestSilo.StartAsync();
        var closing = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        var gateway = silo.Reference<IGatewayEndpoint>(new FakeGateway { Closing = closing.Task });
        var closed = new[] { gateway.CloseAsync("a", 1, ReasonCode.SessionTakenOver), gateway.CloseAsync("b", 1, ReasonCode.SessionTakenOver) };
        // A publish of its client, on its way to another of the same gateway.
        await gateway.DeliverAsync(new GatewayCall(1, 1, new PackedPublishes([], 0), [])).AsTask().WaitAsync(HangGuard, Token);
        Assert.All(closed, static task => Assert.False(task.IsCompleted));
        closing.SetResult(true);
        foreach (var task in closed) Assert.True(await task.WaitAsync(HangGuard, Token));
    }

    [Fact]
    public async Task Routes_are_read_while_a_client_takes_nothing()
    {
        await using var silo = await TestSilo.StartAsync();
        var taken = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var gateway = silo.Reference<IGatewayEndpoint>(new FakeGateway { Paused = taken.Task });
        var push = gateway.PushAsync("a", 1, []);
        await gateway.ReadRoutesAsync(0, 0).WaitAsync(HangGuard, Token);
        Assert.False(push.IsCompleted);
        taken.SetResult();
        Assert.True(await push.WaitAsync(HangGuard, Token));
    }
}
