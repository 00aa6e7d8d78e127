using System.Collections.Immutable;
using OrleansMqtt.Gateway.Lanes;
using OrleansMqtt.Gateway.Tests.Harness;
using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Routing;

namespace OrleansMqtt.Gateway.Tests.Lanes;

/// <summary>What a lane does while a call of it is under way.</summary>
public sealed class GatheringTests
{
    private readonly Hold _hold = new();

    [Fact]
    public async Task What_comes_meanwhile_goes_as_one_call_when_there_is_an_answer()
    {
        Assert.Equal(1, await CallsUnderWayAsync(new LaneOptions { Count = 1 }));
        Assert.Equal(2, _hold.Calls);
    }

    [Fact]
    public async Task Full_batches_do_not_wait_for_an_answer_as_far_as_the_window_goes() =>
        Assert.Equal(LaneBatch.Window, await CallsUnderWayAsync(new LaneOptions { Count = 1, BatchBytes = 16 }));

    // Twenty messages, read one after another, while no call is answered; then all are.
    private async Task<int> CallsUnderWayAsync(LaneOptions options)
    {
        await using var mesh = await TestMesh.StartAsync();
        mesh.BetweenGrains = inner => FaultyGrains.Of(inner, router => FaultyRouter.Of(router, _hold));
        var gateway = await mesh.AddGatewayAsync("g", o => o with { Lanes = options });
        var subscriber = await gateway.ConnectAsync("s");
        await subscriber.SubscribeAsync("t");
        var publisher = await gateway.ConnectAsync("p");
        for (var i = 0; i < 20; i++)
        {
            await publisher.PublishAsync("t", $"{i}", QualityOfService.AtMostOnce);
            await publisher.SendAsync(PingReqPacket.Instance);
            await publisher.ReceiveAsync<PingRespPacket>();
        }
        var calls = _hold.Calls;
        _hold.Release();
        Assert.Equal(Enumerable.Range(0, 20).Select(static i => $"{i}"), await subscriber.ReceiveTextsAsync(20));
        return calls;
    }

    /// <summary>A network that carries nothing until it is told to.</summary>
    private sealed class Hold : INetwork
    {
        private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _calls;

        public int Calls => Volatile.Read(ref _calls);

        public void Release() => _released.SetResult();

        public async Task<ImmutableArray<int>> CallAsync(Func<Task<ImmutableArray<int>>> call)
        {
            Interlocked.Increment(ref _calls);
            await _released.Task;
            return await call();
        }
    }
}
