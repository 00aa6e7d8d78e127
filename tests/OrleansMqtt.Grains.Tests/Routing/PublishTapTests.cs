using System.Reflection;
using Microsoft.Extensions.Logging.Abstractions;
using OrleansMqtt.Diagnostics;
using OrleansMqtt.Grains.Routing;
using OrleansMqtt.Grains.Tests.Support;
using OrleansMqtt.Leases;
using OrleansMqtt.Messages;
using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Routing;
using OrleansMqtt.Tests;
using OrleansMqtt.Topics;

namespace OrleansMqtt.Grains.Tests.Routing;

/// <summary>What goes out of the broker beside its receivers, and what comes in from outside.</summary>
public sealed class PublishTapTests : IDisposable
{
    private readonly ManualTimeProvider _time = new();
    private readonly BrokerMetrics _metrics = new();
    private readonly Tap _tap = new();
    private readonly RoutingLeases _leases;
    private readonly RouteReplica _replica;
    private readonly Router _router;

    public PublishTapTests()
    {
        var partitions = new TopicPartitions(1);
        _leases = new RoutingLeases(1, new LeaseTimes(), _time);
        _replica = new RouteReplica(partitions, _leases, tap: _tap);
        _router = new Router(_replica, DispatchProxy.Create<IGrainFactory, RouterLeaseTests.NoGrains>(), partitions, _metrics, NullLogger<Router>.Instance, leases: _leases);
        _leases.Extend(0, _time.GetTimestamp());
    }

    public void Dispose() => _metrics.Dispose();

    [Fact]
    public void A_tap_is_given_what_it_wants_and_counts_as_nobody()
    {
        foreach (var topic in (string[])["wanted/a", "other", "wanted/a"])
        {
            var publish = new PublishView(Samples.Message(topic, "m", QualityOfService.AtLeastOnce));
            Assert.Equal((0, null), (_router.Route(ref publish).Total, _router.Route(ref publish).Pending));
        }
        Assert.Equal(Enumerable.Repeat("wanted/a", 4), _tap.Taken);
        // It is asked once for each topic.
        Assert.Equal(["wanted/a", "other"], _tap.Asked);
    }

    [Fact]
    public async Task What_comes_from_outside_does_not_go_out_again()
    {
        var inlet = new PublishInlet(_router, _leases);
        Assert.Empty(await inlet.RouteAsync([Samples.Message("wanted/a", "m", QualityOfService.AtLeastOnce)]));
        Assert.Empty(_tap.Taken);
    }

    [Fact]
    public async Task What_comes_from_outside_waits_for_routes_but_not_for_ever()
    {
        _leases.Revoke(0);
        var inlet = new PublishInlet(_router, _leases);
        Message[] messages = [Samples.Message("t", "m", QualityOfService.AtMostOnce)];
        var waiting = inlet.RouteAsync(messages).AsTask();
        Assert.False(waiting.IsCompleted);
        _time.Advance(TimeSpan.FromTicks(1));
        _leases.Extend(0, _time.GetTimestamp());
        Assert.Empty(await waiting);

        _leases.Revoke(0);
        var hopeless = inlet.RouteAsync(messages).AsTask();
        _time.Advance(TimeSpan.FromSeconds(10));
        await Assert.ThrowsAsync<NoRoutingLeaseException>(() => hopeless);
    }

    private sealed class Tap : IPublishTap
    {
        public List<string> Asked { get; } = [];

        public List<string> Taken { get; } = [];

        public bool Wants(ReadOnlySpan<byte> topic)
        {
            Asked.Add(System.Text.Encoding.UTF8.GetString(topic));
            return topic.StartsWith("wanted/"u8);
        }

        public void Take(ref PublishView publish) => Taken.Add(System.Text.Encoding.UTF8.GetString(publish.Topic));
    }
}
