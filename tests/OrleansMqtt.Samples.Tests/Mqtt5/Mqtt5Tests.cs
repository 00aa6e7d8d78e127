using System.Text;
using OrleansMqtt.Hosting;
using OrleansMqtt.Samples.Mqtt5;
using OrleansMqtt.Samples.Tests.Support;

namespace OrleansMqtt.Samples.Tests.Mqtt5;

public sealed class Mqtt5Tests : IAsyncLifetime
{
    private readonly MqttApplication _app = Mqtt5Application.Create(Applications.Quiet);
    private MqttTestClient _client = null!;

    public async ValueTask InitializeAsync()
    {
        await _app.StartAsync(Clusters.Token);
        _client = await Applications.ConnectAsync(_app, "me");
    }

    public async ValueTask DisposeAsync()
    {
        await _client.DisposeAsync();
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
    }

    [Fact]
    public async Task A_request_gets_its_response()
    {
        await _client.SubscribeAsync("answers/me");
        await _client.PublishAsync(new PublishPacket
        {
            Topic = "calculator/add", Payload = """{"a":1,"b":2}"""u8.ToArray(), ResponseTopic = "answers/me", CorrelationData = "17"u8.ToArray(),
        });
        var answer = await _client.ReceiveAsync();
        Assert.Equal(("3", "17"), (Encoding.UTF8.GetString(answer.Payload.Span), Encoding.UTF8.GetString(answer.CorrelationData!.Value.Span)));
    }

    [Fact]
    public async Task An_order_is_passed_on_with_its_properties_and_expires()
    {
        await _client.SubscribeAsync("kitchen/orders");
        await _client.PublishAsync(Order("application/json"));
        var order = await _client.ReceiveAsync();
        Assert.Equal("application/json", order.ContentType);
        Assert.Equal([new UserProperty("trace", "17"), new UserProperty("customer", "alice")], order.UserProperties);
        Assert.InRange(order.MessageExpiryInterval!.Value, 1u, 60u);
    }

    [Fact]
    public async Task An_order_that_is_none_is_refused()
    {
        await _client.SubscribeAsync("$dead-letter/+");
        var refusal = await Assert.ThrowsAsync<IOException>(() => _client.PublishAsync(Order(null)));
        Assert.Contains(nameof(ReasonCode.ImplementationSpecificError), refusal.Message, StringComparison.Ordinal);
        Assert.Equal("$dead-letter/orders.{customer}", (await _client.ReceiveAsync()).Topic);
    }

    private static PublishPacket Order(string? contentType) =>
        new() { Topic = "orders/alice", Payload = """{"pizza":1}"""u8.ToArray(), QoS = QualityOfService.AtLeastOnce, PacketId = 1000, ContentType = contentType, UserProperties = [new UserProperty("trace", "17")] };
}
