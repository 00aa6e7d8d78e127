using System.Reflection;
using Microsoft.Extensions.Logging.Abstractions;
using OrleansMqtt.Diagnostics;
using OrleansMqtt.Gateways;
using OrleansMqtt.Grains.Routing;
using OrleansMqtt.Grains.Tests.Support;
using OrleansMqtt.Leases;
using OrleansMqtt.Messages;
using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Routing;
using OrleansMqtt.Tests;
using OrleansMqtt.Topics;

namespace OrleansMqtt.Grains.Tests.Routing;

/// <summary>A gateway that shares a silo's process routes by that silo's replica, as long as the silo may.</summary>
public sealed class RouterLeaseTests : IDisposable
{
    private readonly ManualTimeProvider _time = new();
    private readonly LeaseTimes _times = new();
    private readonly BrokerMetrics _metrics = new();
    private readonly CountingGateway _gateway = new();
    private readonly RoutingLeases _leases;
    private readonly RouteReplica _replica;
    private readonly Router _router;

    public RouterLeaseTests()
    {
        var partitions = new TopicPartitions(1);
        _leases = new RoutingLeases(1, _times, _time);
        _replica = new RouteReplica(partitions, _leases);
        _router = new Router(_replica, DispatchProxy.Create<IGrainFactory, NoGrains>(), partitions, _metrics, NullLogger<Router>.Instance, _gateway, leases: _leases);
    }

    public void Dispose() => _metrics.Dispose();

    [Fact]
    public async Task Nothing_is_routed_and_nothing_acknowledged_without_leases()
    {
        await _replica.LoadAsync(0, new RouteSnapshot(1, [RouteChanges.OfGateway(_gateway.Name, "t", removed: false)], default));
        Refused();
        _leases.Extend(0, _time.GetTimestamp());
        foreach (var qos in Enum.GetValues<QualityOfService>()) Assert.Equal((1, null), (Route(qos).Receivers, Route(qos).Pending));
        var routed = _gateway.Delivered;
        // As if the process had been paused.
        _time.Advance(_times.Replica);
        Refused();
        Assert.Equal(routed, _gateway.Delivered);
    }

    [Fact]
    public void It_is_not_known_that_there_is_no_retained_message_without_leases()
    {
        Assert.True(_router.MayHoldRetained("t"u8) && _router.MayHoldRetained(0, "t"u8));
        _leases.Extend(0, _time.GetTimestamp());
        Assert.False(_router.MayHoldRetained("t"u8) || _router.MayHoldRetained(0, "t"u8));
    }

    private void Refused()
    {
        Assert.Equal(default, Route(QualityOfService.AtMostOnce));
        foreach (var qos in (QualityOfService[])[QualityOfService.AtLeastOnce, QualityOfService.ExactlyOnce])
        {
            var result = Route(qos);
            Assert.Equal(0, result.Total);
            Assert.IsType<NoRoutingLeaseException>(result.Pending!.Failure);
            Assert.True(result.Pending.WaitAsync().IsCompleted);
        }
    }

    private RouteResult Route(QualityOfService qos)
    {
        var publish = new PublishView(Samples.Message("t", "m", qos));
        return _router.Route(ref publish);
    }

    private sealed class CountingGateway : ILocalGateway
    {
        public int Delivered { get; private set; }

        public string Name => "g";

        public int Deliver(ref PublishView publish)
        {
            Delivered++;
            return 1;
        }

        public bool DeliverShared(ref PublishView publish, string clientId, SharedGroupKey group, SubscriptionOptions options, QualityOfService qos, bool mayWait) => false;
    }

    /// <summary>No grain is called. Public and not sealed, as the proxy derives from it.</summary>
    public class NoGrains : DispatchProxy
    {
        /// <inheritdoc/>
        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => throw new NotSupportedException(targetMethod!.Name);
    }
}
