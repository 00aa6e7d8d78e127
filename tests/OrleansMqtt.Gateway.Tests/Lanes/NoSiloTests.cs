using System.Collections.Immutable;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime;
using OrleansMqtt.Gateway.Lanes;
using OrleansMqtt.Gateway.Tests.Harness;
using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.Gateway.Tests.Lanes;

/// <summary>A gateway whose lanes find no silo for a while, and slow receivers.</summary>
public sealed class NoSiloTests
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(60);
    private readonly Outage _outage = new();

    [Theory]
    [InlineData(QualityOfService.AtMostOnce)]
    [InlineData(QualityOfService.AtLeastOnce)]
    [InlineData(QualityOfService.ExactlyOnce)]
    public async Task What_is_published_meanwhile_is_held_and_goes_on_in_order(QualityOfService qos)
    {
        await using var mesh = await StartAsync();
        await using var clockwork = new Clockwork(mesh.Time);
        var gateway = await mesh.AddGatewayAsync("g", static options => options with { Lanes = new LaneOptions { Grace = TimeSpan.FromDays(1) } });
        var subscriber = await gateway.ConnectAsync("s");
        await subscriber.SubscribeAsync("t");
        var publisher = await gateway.ConnectAsync("p");
        var failed = _outage.Begin();
        var publishing = PublishAllAsync(publisher, qos);
        await failed;
        _outage.End();
        await publishing;

        Assert.Equal(Enumerable.Range(0, 20).Select(static i => $"{i}"), await subscriber.ReceiveTextsAsync(20));
        await subscriber.ExpectNothingAsync();
    }

    [Theory]
    [InlineData(QualityOfService.AtMostOnce, ProtocolVersion.V50)]
    [InlineData(QualityOfService.AtLeastOnce, ProtocolVersion.V50)]
    [InlineData(QualityOfService.AtLeastOnce, ProtocolVersion.V311)]
    public async Task After_the_grace_time_publishers_are_closed_and_when_a_silo_is_back_it_goes_on(QualityOfService qos, ProtocolVersion version)
    {
        await using var mesh = await StartAsync();
        var gateway = await mesh.AddGatewayAsync("g", options => options with { Lanes = new LaneOptions { Grace = Grace } });
        var publisher = await gateway.ConnectAsync("p", version);
        _ = _outage.Begin();
        await using var clockwork = new Clockwork(mesh.Time);
        await publisher.SendAsync(Packet(qos, publisher));
        // QoS 0 is answered by nobody: the client is closed when it sends the next.
        if (qos == QualityOfService.AtMostOnce)
        {
            var lane = gateway.Services.GetRequiredService<LaneRouter>().LaneOf("p");
            while (lane.HasRoom) await Task.Yield();
            await publisher.SendAsync(Packet(qos, publisher));
        }
        // PUBACK tells a 5.0 client that it failed, before the connection ends.
        while (await publisher.ReceiveAsync() is { } packet)
            if (packet is DisconnectPacket disconnect) Assert.Equal(ReasonCode.ServerBusy, disconnect.ReasonCode);
            else Assert.True(Assert.IsType<AcknowledgementPacket>(packet).ReasonCode.IsFailure());

        _outage.End();
        var subscriber = await gateway.ConnectAsync("s");
        await subscriber.SubscribeAsync("t");
        await PublishAgainAsync(gateway);
        await subscriber.ReceivePublishAsync();
    }

    [Fact]
    public async Task A_publisher_is_read_no_further_than_its_lane_has_room()
    {
        await using var mesh = await StartAsync();
        var gateway = await mesh.AddGatewayAsync("g", options => options with { Lanes = new LaneOptions { Count = 1, MaxBytes = 4096, Grace = TimeSpan.FromDays(1) } });
        var subscriber = await gateway.ConnectAsync("s");
        await subscriber.SubscribeAsync("t");
        var publisher = await gateway.ConnectAsync("p");
        await using var clockwork = new Clockwork(mesh.Time);
        var failed = _outage.Begin();
        var burst = Enumerable.Range(0, 200).SelectMany(i => Protocol.Codec.PacketEncoder.Encode(
            new PublishPacket { Topic = "t", Payload = System.Text.Encoding.UTF8.GetBytes($"{i}".PadRight(100)) }, ProtocolVersion.V50)).ToArray();
        await publisher.SendAsync(burst);
        await failed;
        await publisher.SendAsync(PingReqPacket.Instance);
        var lane = gateway.Services.GetRequiredService<LaneRouter>().LaneOf("p");
        while (lane.HasRoom) await Task.Yield();
        Assert.InRange(gateway.Metrics.PublishesReceived, 0, 30);
        _outage.End();

        await publisher.ReceiveAsync<PingRespPacket>();
        Assert.Equal(Enumerable.Range(0, 200), (await subscriber.ReceiveTextsAsync(200)).Select(static text => int.Parse(text.Trim(), System.Globalization.CultureInfo.InvariantCulture)));
    }

    private static async Task PublishAllAsync(TestClient publisher, QualityOfService qos)
    {
        for (var i = 0; i < 20; i++) await publisher.PublishAsync("t", $"{i}", qos);
    }

    // How soon the lane looks for a silo again is its own affair: the client comes back until its publish is taken.
    private static async Task PublishAgainAsync(TestBroker gateway)
    {
        while (true)
        {
            var publisher = await gateway.ConnectAsync("again");
            await publisher.SendAsync(Packet(QualityOfService.AtLeastOnce, publisher));
            if (await publisher.ReceiveAsync() is AcknowledgementPacket { ReasonCode: ReasonCode.Success }) return;
        }
    }

    private static PublishPacket Packet(QualityOfService qos, TestClient client) => new() { Topic = "t", QoS = qos, PacketId = qos == 0 ? (ushort)0 : client.NextPacketId() };

    private async Task<TestMesh> StartAsync()
    {
        var mesh = await TestMesh.StartAsync();
        mesh.BetweenGrains = inner => FaultyGrains.Of(inner, router => FaultyRouter.Of(router, _outage));
        return mesh;
    }

    /// <summary>A network that is there or not.</summary>
    private sealed class Outage : INetwork
    {
        private volatile TaskCompletionSource? _failed;

        /// <summary>From now on all calls fail; completed when the first one has.</summary>
        public Task Begin() => (_failed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

        public void End() => _failed = null;

        public Task<ImmutableArray<int>> CallAsync(Func<Task<ImmutableArray<int>>> call)
        {
            if (_failed is not { } failed) return call();
            failed.TrySetResult();
            throw new SiloUnavailableException("There is no silo.");
        }
    }
}
