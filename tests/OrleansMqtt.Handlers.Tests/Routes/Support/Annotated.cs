using OrleansMqtt.Broker;
using OrleansMqtt.Handlers.Tests.Grains;
using OrleansMqtt.Routes;

namespace OrleansMqtt.Handlers.Tests.Routes.Support;

/// <summary>Methods that are mapped by attributes.</summary>
public sealed class Annotated(IMqttBroker broker)
{
    [MapPublish("annotated/{name}", Ack = AckMode.Handled, Attempts = 1)]
    [MapPublish("also/{name}", Name = "also")]
    public Task OnPublish(string name, [Payload] string text) => broker.PublishAsync($"seen/{name}", text + " seen");

    [MapSubscribe("annotated/{name}")]
    private static string OnSubscribe(string name) => $"annotated {name}";

    [MapConnect]
    private static void OnConnect(MqttClientInfo client) => Inbox.Put($"connected {client.ClientId}", client.Listener ?? "none");
}
