using OrleansMqtt.Messages;
using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Routing;

namespace OrleansMqtt.Gateways;

/// <summary>The gateway that shares this process with a silo: the router hands it publishes by a direct call.</summary>
public interface ILocalGateway
{
    /// <summary>Name under which its routes are registered.</summary>
    string Name { get; }

    /// <summary>
    /// Puts the message in the queues of all connected clients with a matching, not shared subscription. QoS 1 and 2 of persistent
    /// sessions is left out: that goes through their logs. Never blocks. Returns how many clients it matched, those included.
    /// </summary>
    int Deliver(ref PublishView publish);

    /// <summary>
    /// Hands the message to one connected member of a shared group; false when it can't take it now. With <paramref name="mayWait"/> a
    /// member that is busy takes it into its queue, as long as there is room; without, only one that it can be sent to at once takes it.
    /// </summary>
    bool DeliverShared(ref PublishView publish, string clientId, SharedGroupKey group, SubscriptionOptions options, QualityOfService qos, bool mayWait);
}
