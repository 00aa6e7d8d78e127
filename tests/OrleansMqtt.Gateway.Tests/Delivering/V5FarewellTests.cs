using System.IO.Pipelines;
using OrleansMqtt.Diagnostics;
using OrleansMqtt.Gateway.Delivery;
using OrleansMqtt.Gateway.Limits;
using OrleansMqtt.Messages;
using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Routing;
using OrleansMqtt.Tests;

namespace OrleansMqtt.Gateway.Tests.Delivering;

// What may not happen only when two threads meet at the wrong moment, called in that order.
public sealed class V5FarewellTests
{
    private static readonly byte[] Disconnect = [0xE0, 1, 0x8E];

    private static readonly byte[] ConnAck = [0x20, 3, 0, 0, 0];

    private readonly Pipe _pipe = new();
    private readonly Subscriber _subscriber;

    public V5FarewellTests()
    {
        var outbox = new Outbox(_pipe.Writer, new BrokerMetrics());
        _subscriber = new Subscriber("client", new ConnectPacket { ClientId = "client" }, persistent: false, outbox, new(new GatewayLimits()), new BrokerMetrics(), new ManualTimeProvider());
    }

    [Fact]
    [Normative("5.0", "MQTT-3.14.4-1")]
    public void Nothing_follows_disconnect_whoever_else_was_just_about_to_write()
    {
        using (DeliveryBatch.Begin())
        {
            _subscriber.Open(ConnAck);
            _subscriber.Farewell(Disconnect);
            _subscriber.Farewell(Disconnect);
            WriteAll();
        }

        Assert.Equal([.. ConnAck, .. Disconnect], Written());
    }

    [Fact]
    [Normative("5.0", "MQTT-3.14.0-1")]
    [Normative("5.0", "MQTT-3.2.0-1")]
    public void Nothing_precedes_connack_and_a_connection_that_ends_before_it_gets_neither()
    {
        using (DeliveryBatch.Begin())
        {
            WriteAll();
            _subscriber.Farewell(Disconnect);
            _subscriber.Open(ConnAck);
        }

        Assert.False(_pipe.Reader.TryRead(out _));
    }

    private void WriteAll()
    {
        var fanout = new Fanout(new PublishView(new Message("a"u8, default, "x"u8)), 0);
        for (var qos = QualityOfService.AtMostOnce; qos <= QualityOfService.ExactlyOnce; qos++) _subscriber.Deliver(ref fanout, qos, false, []);
        _subscriber.Write([0xD0, 0]);
        _subscriber.WriteAcknowledgement(PacketType.PubAck, 1);
        _subscriber.Acknowledge(PacketType.PubRec, 1, ReasonCode.Success);
    }

    private byte[] Written()
    {
        Assert.True(_pipe.Reader.TryRead(out var result));
        return [.. System.Buffers.BuffersExtensions.ToArray(result.Buffer)];
    }
}
