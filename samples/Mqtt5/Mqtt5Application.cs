using OrleansMqtt.Broker;
using OrleansMqtt.Handlers;
using OrleansMqtt.Hosting;
using OrleansMqtt.Messages;
using OrleansMqtt.Protocol.Codec;
using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Routes;

namespace OrleansMqtt.Samples.Mqtt5;

/// <summary>Two numbers.</summary>
/// <param name="A">The one.</param>
/// <param name="B">The other.</param>
public sealed record Addition(int A, int B);

/// <summary>A broker that makes use of what MQTT 5.0 has: requests and responses, properties, expiry, reason codes.</summary>
public static class Mqtt5Application
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    /// <summary>Makes it.</summary>
    /// <param name="arguments">The command line.</param>
    public static MqttApplication Create(params string[] arguments)
    {
        var app = MqttApplication.CreateBuilder(arguments).Build();

        // What is returned goes to the request's Response Topic, with its Correlation Data.
        app.MapPublish("calculator/add", (Addition addition) => addition.A + addition.B);

        // The publisher is told when an order has been passed on, and hears 0x83 if it has not.
        app.MapPublish("orders/{customer}", PassOnAsync).WithAck(AckMode.Handled).WithAttempts(1);
        return app;
    }

    private static async Task PassOnAsync(string customer, IMqttContext context, IMqttBroker broker, TimeProvider time)
    {
        if (context.ContentType != "application/json") throw new NotSupportedException("Orders have the Content Type application/json.");
        UserProperty[] properties = [.. context.UserProperties, new UserProperty("customer", customer)];
        // Nobody wants an order that is older.
        await broker.PublishMessageAsync(new Message("kitchen/orders"u8, MessageProperties.Encode(contentType: context.ContentType, userProperties: properties), context.Payload.Span)
        {
            QoS = QualityOfService.AtLeastOnce,
            ExpiresAt = (time.GetUtcNow() + Patience).ToUnixTimeMilliseconds(),
        });
    }
}
