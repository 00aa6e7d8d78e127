using OrleansMqtt.Events;

namespace OrleansMqtt.Handlers.Tests.Grains;

/// <summary>Hears of one client, wherever it connects.</summary>
public sealed class WatchGrain : Grain, ITopicHandlerGrain
{
    [TopicHandler("$events/client/{id}/connected")]
    public Task Connected(TopicContext context, ClientConnected client) => Put($"{client.ClientId} connected to {client.Node} with {client.Version}");

    [TopicHandler("$events/client/{id}/disconnected")]
    public Task Disconnected(TopicContext context, ClientDisconnected client) => Put($"{client.ClientId} disconnected by {client.By} with {(int?)client.Reason}");

    [TopicHandler("$events/client/{id}/subscribed")]
    public Task Subscribed(TopicContext context, ClientSubscribed client) => Put($"{client.ClientId} subscribed to {client.Filter}");

    private Task Put(string what)
    {
        Inbox.Put(this.GetPrimaryKeyString(), what);
        return Task.CompletedTask;
    }
}
