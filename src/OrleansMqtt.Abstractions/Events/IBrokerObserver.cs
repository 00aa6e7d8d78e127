namespace OrleansMqtt.Events;

/// <summary>
/// Is told what happens in a gateway, or in a silo of its own. In the order in which it has happened there, one event after the other, and never on a thread that serves clients. It hears after the fact and changes
/// nothing; one that throws is logged and told the next event.
/// </summary>
/// <remarks>
/// Events wait for a slow observer up to <see cref="EventOptions.MaxWaiting"/>. What comes then is lost to it: it is told how many by <see cref="EventsLost"/>, and the metric <c>orleansmqtt.events.lost</c> counts
/// them. Code that must hear of all clients of a cluster subscribes to the topics of <see cref="EventTopic"/>.
/// </remarks>
/// <example>
/// <code>
/// public ValueTask OnAsync(BrokerEvent brokerEvent, CancellationToken cancellationToken)
/// {
///     if (brokerEvent is ClientDisconnected { By: DisconnectedBy.Network } lost) logger.LogInformation("{Client} was lost", lost.ClientId);
///     return default;
/// }
/// </code>
/// </example>
public interface IBrokerObserver
{
    /// <summary>Something has happened.</summary>
    /// <param name="brokerEvent">What: one of the classes derived from <see cref="BrokerEvent"/>. Later versions may have more of them.</param>
    /// <param name="cancellationToken">Canceled when the process ends and does not wait any longer.</param>
    ValueTask OnAsync(BrokerEvent brokerEvent, CancellationToken cancellationToken);
}
