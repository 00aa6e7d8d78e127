using Microsoft.Extensions.DependencyInjection;
using OrleansMqtt.Broker;
using OrleansMqtt.Gateways;
using OrleansMqtt.Grains.Routing;
using OrleansMqtt.Messages;
using OrleansMqtt.Routing;
using OrleansMqtt.Topics;

namespace OrleansMqtt.Grains.Handlers;

/// <summary>Publishes for handlers, and reads what is retained, by the router of this silo and the topic grains.</summary>
// The router gives messages to handlers, and they come here: it is looked for when there is one.
internal sealed class HandlerPublisher(IServiceProvider services, RoutingLeases leases, TopicPartitions partitions, IGrainFactory grains, TimeProvider time) : IMessagePublisher
{
    // What a partition that moves takes, and a silo that has just started.
    private static readonly TimeSpan LeasePatience = TimeSpan.FromSeconds(10);
    private readonly Lazy<Router> _router = new(services.GetRequiredService<Router>);

    /// <summary>Publishes; completes when all receivers have it, handlers excepted.</summary>
    /// <exception cref="IOException">A receiver could not take it, or it is not known who they are.</exception>
    public Task PublishAsync(Message message) => PublishAsync(message, byHandler: true);

    /// <inheritdoc/>
    // Whoever is in a handler's call may be what its handlers would wait for.
    Task IMessagePublisher.PublishAsync(Message message) => PublishAsync(message, HandlerScope.IsHandling);

    private async Task PublishAsync(Message message, bool byHandler)
    {
        if (!leases.AreInForce && !await leases.AwaitAsync(LeasePatience)) throw new IOException("This silo does not know all routes at present.");
        RouteResult result;
        using (DeliveryBatch.Begin()) result = Route(message, byHandler);
        if (result.Pending is not { } pending) return;
        await pending.WaitAsync();
        if (pending.Failure is { } failure) throw new IOException($"A receiver of {message.TopicName} could not take the message.", failure);
    }

    /// <summary>The retained message of a topic; null if there is none.</summary>
    public async Task<Message?> ReadRetainedAsync(string topic)
    {
        var partition = partitions.Of(topic);
        // What was published here before is found.
        await _router.Value.RetainedStoredAsync(partition);
        var page = await grains.GetGrain<ITopicGrain>(partition).ReadRetainedAsync(topic, default, 1);
        return page.Messages.FirstOrDefault(message => !message.HasExpired(time.GetUtcNow().ToUnixTimeMilliseconds()));
    }

    private RouteResult Route(Message message, bool byHandler)
    {
        var publish = new PublishView(message) { ByHandler = byHandler };
        return _router.Value.RouteNow(ref publish);
    }
}
