using Microsoft.AspNetCore.Builder;
using OrleansMqtt.Broker;
using OrleansMqtt.Hosting;
using OrleansMqtt.Routes;

namespace OrleansMqtt.Samples.Basic;

/// <summary>A broker with code on publishes, subscriptions and connections, which publishes for whoever asks by HTTP.</summary>
public static class BasicApplication
{
    /// <summary>Makes it.</summary>
    /// <param name="arguments">The command line.</param>
    public static MqttApplication Create(params string[] arguments)
    {
        var app = MqttApplication.CreateBuilder(arguments).Build();

        // On every message of such a topic: {room} and the payload are parameters.
        app.MapPublish("sensors/{room}/temperature", async (string room, double value, IMqttContext context) =>
        {
            if (value > 30) await context.PublishAsync($"alarms/{room}", $"{value} degrees");
        });

        // Who subscribes is welcomed, on the topic that it has subscribed to.
        app.MapSubscribe("alarms/{room}", (string room, SubscribeContext context) => $"{context.Client.ClientId} will hear of the {room}");

        // Who connects is announced.
        app.MapConnect((MqttClientInfo client, IMqttBroker broker) => broker.PublishAsync("clients/latest", client.ClientId, retain: true));

        app.MapHttp(static http => http.MapPost("/publish/{*topic}", static async (string topic, string text, IMqttBroker broker) => await broker.PublishAsync(topic, text)));
        return app;
    }
}
