using System.IO.Pipelines;
using OrleansMqtt.Diagnostics;
using OrleansMqtt.Gateway.Delivery;
using OrleansMqtt.Gateway.Limits;
using OrleansMqtt.Messages;
using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Routing;
using OrleansMqtt.Tests;

namespace OrleansMqtt.Gateway.Tests.Delivering;

/// <summary>A member of a shared group whose clean session ended and whose next one is persistent, found by the route of the first.</summary>
public sealed class StaleSharedRouteTests
{
    [Theory]
    [InlineData(QualityOfService.AtMostOnce, true)]
    [InlineData(QualityOfService.AtLeastOnce, false)]
    [InlineData(QualityOfService.ExactlyOnce, false)]
    public void Takes_no_packet_identifier_that_belongs_to_the_log_of_the_next(QualityOfService qos, bool taken)
    {
        var outbox = new Outbox(new Pipe().Writer, new BrokerMetrics());
        var subscriber = new Subscriber("c", new ConnectPacket { ClientId = "c" }, persistent: true, outbox, new(new GatewayLimits()), new BrokerMetrics(), new ManualTimeProvider());
        using var batch = DeliveryBatch.Begin();
        subscriber.Open([0x20, 3, 0, 0, 0]);
        var fanout = new Fanout(new PublishView(new Message("t"u8, default, "x"u8)), 0);

        Assert.Equal(taken, subscriber.TryDeliverShared(ref fanout, qos, false, [], new SharedGroupKey("g", "t", false), mayWait: true));
    }
}
