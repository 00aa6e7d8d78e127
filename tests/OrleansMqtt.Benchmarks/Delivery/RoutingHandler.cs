using OrleansMqtt.Benchmarks.Codec;
using OrleansMqtt.Grains.Routing;
using OrleansMqtt.Messages;
using OrleansMqtt.Protocol.Codec;
using OrleansMqtt.Protocol.Connections;
using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.Benchmarks.Delivery;

/// <summary>Routes what a publisher sends, and counts it as acknowledged without sending an acknowledgement.</summary>
internal sealed class RoutingHandler : IdleHandler
{
    private readonly Router _router;
    private readonly ServerConnection _connection;

    /// <summary>A 3.1.1 publisher that is connected.</summary>
    public RoutingHandler(Router router)
    {
        _router = router;
        _connection = Connect(ProtocolVersion.V311);
    }

    /// <summary>Takes whole packets from the publisher.</summary>
    public void Receive(byte[] packets) => Receive(_connection, packets);

    /// <inheritdoc/>
    public override ProtocolError? OnPublish(in PublishFrame publish)
    {
        var view = new PublishView
        {
            Topic = publish.Topic,
            Properties = publish.ForwardedProperties,
            Payload = publish.Payload,
            QoS = publish.QoS,
            Retain = publish.Retain,
            Publisher = "publisher",
            ExpiresAt = Message.Never,
        };
        if (_router.Route(ref view).Receivers == 0) throw new InvalidOperationException("Nobody has subscribed.");
        if (publish.QoS != QualityOfService.AtMostOnce) _connection.Acknowledged();
        return null;
    }
}
