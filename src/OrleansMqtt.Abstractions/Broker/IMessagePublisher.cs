using OrleansMqtt.Messages;

namespace OrleansMqtt.Broker;

/// <summary>Publishes for the broker itself, by the router of this process or those of the cluster.</summary>
internal interface IMessagePublisher
{
    /// <summary>Publishes; completes when all receivers have it, at QoS 0 when it is on its way.</summary>
    /// <exception cref="IOException">A receiver could not take it, or it is not known who they are.</exception>
    Task PublishAsync(Message message);
}
