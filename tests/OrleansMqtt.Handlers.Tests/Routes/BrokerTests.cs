using System.Text;
using Microsoft.Extensions.DependencyInjection;
using OrleansMqtt.Broker;
using OrleansMqtt.Gateway.Tests.Harness;
using OrleansMqtt.Handlers.Tests.Routes.Support;
using OrleansMqtt.Messages;
using OrleansMqtt.Protocol.Codec;
using OrleansMqtt.TestingHost;

namespace OrleansMqtt.Handlers.Tests.Routes;

/// <summary>The broker's own interface, in the processes of a cluster.</summary>
public class BrokerTests(RouteCluster cluster) : IClassFixture<RouteCluster>
{
    private IMqttBroker Gateway => cluster.Cluster.Gateways[0].Services.GetRequiredService<IMqttBroker>();

    private IMqttBroker Silo => cluster.Cluster.Silos[1].Services.GetRequiredService<IMqttBroker>();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Publishes_at_each_quality_of_service_from_any_process(bool bySilo)
    {
        var (name, broker) = (cluster.NewName(), bySilo ? Silo : Gateway);
        await using var client = await cluster.ConnectAsync(1);
        await client.SubscribeAsync($"news/{name}");
        foreach (var qos in Enum.GetValues<QualityOfService>())
        {
            await broker.PublishAsync($"news/{name}", new { Text = "x" }, qos, cancellationToken: TestContext.Current.CancellationToken);
            var message = await client.ReceiveAsync();
            Assert.Equal(("""{"text":"x"}""", qos), (Encoding.UTF8.GetString(message.Payload.Span), message.QoS));
        }
        await broker.PublishAsync($"news/{name}", "kept", QualityOfService.AtLeastOnce, retain: true, TestContext.Current.CancellationToken);
        await using var late = await cluster.ConnectAsync();
        await late.SubscribeAsync($"news/{name}");
        var retained = await late.ReceiveAsync();
        Assert.Equal(("kept", true), (Encoding.UTF8.GetString(retained.Payload.Span), retained.Retain));
        await broker.PublishMessageAsync(
            new Message(Encoding.UTF8.GetBytes($"news/{name}"), MessageProperties.Encode(contentType: "text/x"), "p"u8) { QoS = QualityOfService.AtLeastOnce }, TestContext.Current.CancellationToken);
        Assert.Equal("text/x", (await late.ReceiveAsync()).ContentType);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Hears_that_a_handler_has_failed(bool bySilo)
    {
        var name = cluster.NewName();
        await Assert.ThrowsAsync<IOException>(() => (bySilo ? Silo : Gateway).PublishAsync($"failing/{name}", 9, QualityOfService.AtLeastOnce, cancellationToken: TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Refuses_what_is_no_topic_name()
    {
        await Assert.ThrowsAsync<ArgumentException>(() => Gateway.PublishAsync("a/+", 1, cancellationToken: TestContext.Current.CancellationToken));
        await Assert.ThrowsAsync<ArgumentException>(() => Silo.PublishAsync("", 1, cancellationToken: TestContext.Current.CancellationToken));
        await Assert.ThrowsAsync<ArgumentException>(() => Silo.PublishAsync("a", 1, (QualityOfService)3, cancellationToken: TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Says_what_its_process_has_counted()
    {
        // Clients of tests before may still be on their way out.
        await Until.HoldsAsync(() => Gateway.GetStatistics() is { ConnectionsCurrent: 0, SubscriptionsCurrent: 0 });
        var before = Gateway.GetStatistics();
        var name = cluster.NewName();
        await using (var client = await cluster.ConnectAsync())
        {
            await client.SubscribeAsync($"counted/{name}");
            await client.PublishAsync($"counted/{name}", "x");
            await client.ReceiveAsync();
            var during = Gateway.GetStatistics();
            Assert.Equal(
                (1, 1, 1, 1, 1),
                (during.ConnectionsTotal - before.ConnectionsTotal, during.ConnectionsCurrent - before.ConnectionsCurrent, during.MessagesReceived - before.MessagesReceived,
                    during.SubscriptionsBegun - before.SubscriptionsBegun, during.SubscriptionsCurrent - before.SubscriptionsCurrent));
            Assert.True(during.MessagesSent > before.MessagesSent);
            Assert.True(during.ConnectionsByAddress["127.0.0.1"] >= 1);
            await client.DisconnectAsync();
        }
        await Until.HoldsAsync(() => Gateway.GetStatistics() is { ConnectionsCurrent: 0 } after && after.SubscriptionsEnded == before.SubscriptionsEnded + 1);
        Assert.Empty(Silo.GetStatistics().ConnectionsByAddress);
    }
}
