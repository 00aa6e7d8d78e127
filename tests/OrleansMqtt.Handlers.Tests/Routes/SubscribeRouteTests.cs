using System.Text;
using OrleansMqtt.Handlers.Tests.Grains;
using OrleansMqtt.Handlers.Tests.Routes.Support;
using OrleansMqtt.TestingHost;
using OrleansMqtt.TestingHost.Clients;

namespace OrleansMqtt.Handlers.Tests.Routes;

/// <summary>Code that is mapped on subscriptions and connections, at the gateways of a cluster.</summary>
public class SubscribeRouteTests(RouteCluster cluster) : IClassFixture<RouteCluster>
{
    private static readonly TimeSpan Guard = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task What_it_returns_goes_to_the_subscriber_alone_behind_SUBACK(int gateway)
    {
        var name = cluster.NewName();
        await using var other = await cluster.ConnectAsync(gateway);
        await other.SubscribeAsync($"welcome/{name}");
        await other.ReceiveAsync();
        await using var socket = await PacketSocket.ConnectAsync(cluster.Cluster.Gateways[gateway].EndPoint, ProtocolVersion.V50);
        await socket.SendAsync(new ConnectPacket { ClientId = name, CleanStart = true });
        Assert.IsType<ConnAckPacket>(await ReceiveAsync());
        await socket.SendAsync(new SubscribePacket
        {
            PacketId = 1, SubscriptionIdentifier = 7, Subscriptions = [new Subscription { Filter = $"welcome/{name}", MaximumQoS = QualityOfService.AtLeastOnce }],
        });
        Assert.IsType<SubAckPacket>(await ReceiveAsync());
        var message = Assert.IsType<PublishPacket>(await ReceiveAsync());
        Assert.Equal(
            ($"welcome/{name}", $"hello {name} in {name}", QualityOfService.AtLeastOnce, false), (message.Topic, Encoding.UTF8.GetString(message.Payload.Span), message.QoS, message.Retain));
        Assert.Equal([7u], message.SubscriptionIdentifiers);
        // Nothing else came for either of them.
        await using var publisher = await cluster.ConnectAsync();
        await publisher.PublishAsync($"welcome/{name}", "live");
        Assert.Equal("live", await other.ReceiveTextAsync());
        Assert.Equal("live", Encoding.UTF8.GetString(Assert.IsType<PublishPacket>(await ReceiveAsync()).Payload.Span));

        Task<Packet?> ReceiveAsync() => socket.ReceiveAsync().WaitAsync(Guard);
    }

    [Fact]
    public async Task All_run_and_the_first_result_that_is_not_null_wins()
    {
        var name = cluster.NewName();
        await using var client = await cluster.ConnectAsync();
        await client.SubscribeAsync($"first/{name}");
        Assert.Equal("""{"second":true}""", await client.ReceiveTextAsync());
        Assert.Equal("asked", await Inbox.TakeAsync(name));
    }

    [Fact]
    public async Task For_a_filter_with_wildcards_it_says_the_topic()
    {
        var name = cluster.NewName();
        await using var client = await cluster.ConnectAsync();
        await client.SubscribeAsync($"sites/{name}/+", QualityOfService.AtLeastOnce);
        var messages = new[] { await client.ReceiveAsync(), await client.ReceiveAsync() };
        Assert.Equal(
            [($"sites/{name}/a", "1", QualityOfService.AtMostOnce), ($"sites/{name}/b", "2", QualityOfService.AtLeastOnce)],
            messages.Select(static message => (message.Topic, Encoding.UTF8.GetString(message.Payload.Span), message.QoS)));
        await client.SubscribeAsync($"wild/{name}/#");
        Assert.Contains("SendAsync takes the topic", await cluster.Log.TakeAsync($"wild/{name}/#"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Calls_for_one_client_come_one_after_the_other_and_others_do_not_wait()
    {
        var name = cluster.NewName();
        await using var client = await cluster.ConnectAsync();
        await client.SubscribeAsync($"ordered/{name}/1");
        await client.SubscribeAsync($"ordered/{name}/2");
        await using var other = await cluster.ConnectAsync();
        await other.SubscribeAsync($"ordered/{name}/2");
        Assert.Equal("2", await other.ReceiveTextAsync());
        Gates.Open(name);
        Assert.Equal(["1", "2"], new[] { await client.ReceiveTextAsync(), await client.ReceiveTextAsync() });
    }

    [Fact]
    public async Task A_persistent_session_has_it_in_its_log()
    {
        var name = cluster.NewName();
        await using (var client = await cluster.Cluster.Gateways[0].ConnectAsync(name, sessionExpiry: TimeSpan.FromMinutes(1)))
        {
            await client.SubscribeAsync($"welcome/{name}");
            var message = await client.ReceiveAsync();
            Assert.Equal(($"hello {name} in {name}", QualityOfService.ExactlyOnce), (Encoding.UTF8.GetString(message.Payload.Span), message.QoS));
            await client.DisconnectAsync();
        }
        // One that goes on subscribes to nothing anew.
        await using var again = await cluster.Cluster.Gateways[1].ConnectAsync(name, cleanStart: false, sessionExpiry: TimeSpan.FromMinutes(1));
        await again.PublishAsync($"welcome/{name}", "live");
        Assert.Equal("live", await again.ReceiveTextAsync());
    }

    [Fact]
    public async Task A_client_of_an_older_version_gets_it_too()
    {
        var name = cluster.NewName();
        await using var client = await cluster.Cluster.Gateways[0].ConnectAsync(new ConnectPacket { ClientId = name, Version = ProtocolVersion.V311, CleanStart = true });
        await client.SubscribeAsync($"welcome/{name}");
        Assert.Equal($"hello {name} in {name}", await client.ReceiveTextAsync());
    }

    [Fact]
    public async Task What_fails_hangs_or_cannot_be_read_is_logged_and_the_session_goes_on()
    {
        var name = cluster.NewName();
        await using var client = await cluster.Cluster.Gateways[0].ConnectAsync(name);
        await client.SubscribeAsync($"broken/{name}");
        Assert.Equal($"Mapped code broken.{{name}} failed for client {name}. broken {name}", await cluster.Log.TakeAsync(name));
        await client.SubscribeAsync($"typed/{name}");
        Assert.Equal($"Mapped code typed.{{number}} was not called for client {name}: The topic's {{number}} is no Int32.", await cluster.Log.TakeAsync(name));
        await client.SubscribeAsync($"hanging/{name}");
        Assert.StartsWith("Mapped code hanging.{name} took longer than 00:00:00.2", await cluster.Log.TakeAsync(name), StringComparison.Ordinal);
        await client.SubscribeAsync("typed/7");
        Assert.Equal("7", await client.ReceiveTextAsync());
    }

    [Fact]
    public async Task Connections_are_seen_with_what_is_known_of_the_client_and_never_ended()
    {
        var name = $"greeted-{cluster.NewName()}\u0007";
        await using var watcher = await cluster.ConnectAsync(1);
        await watcher.SubscribeAsync("clients/+");
        await using var client = await cluster.Cluster.Gateways[0].ConnectAsync(new ConnectPacket { ClientId = name, CleanStart = true, KeepAlive = 77 });
        Assert.Equal($"MQTTClient(id={name[..^1]}\\u0007) V50 77 True", await watcher.ReceiveTextAsync());
        var unwanted = $"unwanted-{cluster.NewName()}";
        await using var other = await cluster.Cluster.Gateways[0].ConnectAsync(unwanted);
        Assert.Equal($"Mapped code connect failed for client {unwanted}. unwanted", await cluster.Log.TakeAsync(unwanted));
        await other.SubscribeAsync("typed/1");
        Assert.Equal("1", await other.ReceiveTextAsync());
    }
}
