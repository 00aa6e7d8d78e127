using OrleansMqtt.Messages;
using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.Broker;

/// <summary>The broker, for code that runs in one of its processes: a service of each gateway and each silo.</summary>
public interface IMqttBroker
{
    /// <summary>
    /// Publishes a message by the broker itself, whatever access lists say. Completes when a client's publish of this quality of service would be acknowledged: at QoS 1 and 2 when all receivers have it, handlers with
    /// <see cref="OrleansMqtt.Handlers.AckMode.Handled"/> among them, unless a handler publishes it: that might wait for itself.
    /// </summary>
    /// <param name="topic">Topic name.</param>
    /// <param name="payload">The payload: bytes, or what its type's codec writes (<see cref="OrleansMqtt.Handlers.TopicHandlerAttribute"/>).</param>
    /// <param name="qos">Quality of service.</param>
    /// <param name="retain">Whether it is retained.</param>
    /// <param name="cancellationToken">Gives up waiting; the message has been routed.</param>
    /// <exception cref="ArgumentException">This is no topic name, or no quality of service.</exception>
    /// <exception cref="IOException">A receiver could not take it, there was no room for it among the retained messages, a handler has failed with it, or no silo could be reached.</exception>
    Task PublishAsync<T>(string topic, T payload, QualityOfService qos = QualityOfService.AtMostOnce, bool retain = false, CancellationToken cancellationToken = default);

    /// <summary>Publishes a message with properties or an expiry; see <see cref="PublishAsync{T}"/>.</summary>
    /// <param name="message">The message; not one that was received.</param>
    /// <param name="cancellationToken">Gives up waiting; the message has been routed.</param>
    /// <exception cref="ArgumentException">Its topic is no topic name.</exception>
    /// <exception cref="IOException">As above.</exception>
    Task PublishMessageAsync(Message message, CancellationToken cancellationToken = default);

    /// <summary>What this process has counted.</summary>
    BrokerStatistics GetStatistics();

    /// <summary>How this process is: what the health checks of its host say, and whether it runs.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    Task<BrokerHealth> CheckHealthAsync(CancellationToken cancellationToken = default);

    /// <summary>
    /// Stops this process: its gateway accepts nobody any more and ends its connections, as when the host stops (at a rate, so that other gateways get no storm); then the host is told to stop, and ends all the rest. Completes when the
    /// connections are over. Not to be awaited by code that the host waits for when it stops.
    /// </summary>
    /// <param name="timeout">How long connections may take to end, from 0; those that are left then end at once.</param>
    /// <exception cref="ArgumentOutOfRangeException">The time is negative.</exception>
    Task StopAsync(TimeSpan timeout);
}
