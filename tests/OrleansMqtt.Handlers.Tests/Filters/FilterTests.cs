using System.Text;
using Microsoft.Extensions.DependencyInjection;
using OrleansMqtt.Grains.Handlers;
using OrleansMqtt.Handlers.Tests.Grains;
using OrleansMqtt.Handlers.Tests.Support;
using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.TestingHost;

namespace OrleansMqtt.Handlers.Tests.Filters;

/// <summary>Filters behind gateways in processes of their own.</summary>
public class FilterTests(HandlerCluster cluster) : IClassFixture<HandlerCluster>
{
    private const string Last = "last";

    [Theory]
    [InlineData(QualityOfService.AtLeastOnce, ReasonCode.UnspecifiedError)]
    [InlineData(QualityOfService.AtLeastOnce, ReasonCode.ImplementationSpecificError)]
    [InlineData(QualityOfService.AtLeastOnce, ReasonCode.TopicNameInvalid)]
    [InlineData(QualityOfService.AtLeastOnce, ReasonCode.PayloadFormatInvalid)]
    [InlineData(QualityOfService.ExactlyOnce, ReasonCode.NotAuthorized)]
    [InlineData(QualityOfService.ExactlyOnce, ReasonCode.QuotaExceeded)]
    public async Task Who_is_denied_hears_the_reason_and_nobody_gets_the_message(QualityOfService qos, ReasonCode reason)
    {
        var (topic, denied) = ($"guarded/{cluster.NewName()}", Denied());
        await using var watcher = await WatchAsync(topic);
        await using var client = await cluster.ConnectAsync();
        var refusal = await Assert.ThrowsAsync<IOException>(() => client.PublishAsync(topic, $"deny {(byte)reason:x}", qos, retain: true));
        Assert.Contains(reason.ToString(), refusal.Message, StringComparison.Ordinal);
        // Its stream goes on.
        await client.PublishAsync(topic, Last, qos);
        Assert.Equal([Last], await ReceiveAsync(watcher));
        await using var late = await WatchAsync(topic);
        await client.PublishAsync(topic, Last);
        Assert.Equal([Last], await ReceiveAsync(late));
        Assert.True(Denied() > denied);
    }

    [Theory]
    [InlineData(QualityOfService.AtLeastOnce)]
    [InlineData(QualityOfService.ExactlyOnce)]
    public async Task A_client_that_can_be_told_nothing_else_is_acknowledged(QualityOfService qos)
    {
        var topic = $"guarded/{cluster.NewName()}";
        await using var watcher = await WatchAsync(topic);
        await using var client = await cluster.Cluster.Gateways[0].ConnectAsync(new ConnectPacket { ClientId = cluster.NewName(), Version = ProtocolVersion.V311, CleanStart = true });
        await client.PublishAsync(topic, "deny 87", qos);
        await client.PublishAsync(topic, "fail for good", qos);
        await client.PublishAsync(topic, Last, qos);
        Assert.Equal([Last], await ReceiveAsync(watcher));
    }

    [Fact]
    public async Task QoS_0_is_dropped_without_a_word_and_counted()
    {
        var topic = $"guarded/{cluster.NewName()}";
        await using var watcher = await WatchAsync(topic);
        await using var client = await cluster.ConnectAsync();
        var denied = Denied();
        for (var i = 0; i < 10; i++) await client.PublishAsync(topic, "deny 87", QualityOfService.AtMostOnce);
        await client.PublishAsync(topic, Last, QualityOfService.AtMostOnce);
        Assert.Equal([Last], await ReceiveAsync(watcher));
        Assert.True(Denied() >= denied + 10);
    }

    [Fact]
    public async Task What_a_session_has_stored_is_forgotten_when_it_is_denied()
    {
        var (name, topic) = (cluster.NewName(), $"guarded/{cluster.NewName()}");
        await using var watcher = await WatchAsync(topic);
        await using (var client = await ConnectAsync())
        {
            foreach (var command in new[] { "deny 87", "fail for good", "hello" }) await client.PublishAsync(new PublishPacket { Topic = topic, Payload = Encoding.UTF8.GetBytes(command), QoS = QualityOfService.ExactlyOnce, PacketId = 7 });
            await client.DisconnectAsync();
        }
        await using var again = await ConnectAsync();
        Assert.True(again.ConnAck.SessionPresent);
        await again.PublishAsync(topic, Last, QualityOfService.ExactlyOnce);
        Assert.Equal(["hello", Last], await ReceiveAsync(watcher));

        Task<MqttTestClient> ConnectAsync() => cluster.Cluster.Gateways[0].ConnectAsync(name, cleanStart: false, sessionExpiry: TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task Payload_properties_topic_and_quality_of_service_are_what_the_filter_says()
    {
        var name = cluster.NewName();
        await using var watcher = await WatchAsync($"guarded/{name}");
        await watcher.SubscribeAsync($"moved/{name}/+");
        await using var client = await cluster.ConnectAsync();
        await client.PublishAsync(new PublishPacket
        {
            Topic = $"guarded/{name}", Payload = "say hello"u8.ToArray(), QoS = QualityOfService.AtLeastOnce, PacketId = 1000, ContentType = "text/plain", ResponseTopic = "answers",
            CorrelationData = "it"u8.ToArray(), PayloadFormatIndicator = true, UserProperties = [new UserProperty("mine", "1")],
        });
        var said = await watcher.ReceiveAsync();
        Assert.Equal(("hello", "text/plain", "answers", "it", true), (Text(said), said.ContentType, said.ResponseTopic, Encoding.UTF8.GetString(said.CorrelationData!.Value.Span), said.PayloadFormatIndicator));
        Assert.Equal([new UserProperty("said", "1")], said.UserProperties);
        await client.PublishAsync($"guarded/{name}", "move here");
        var moved = await watcher.ReceiveAsync();
        Assert.Equal(($"moved/{name}/here", "move here, seen"), (moved.Topic, Text(moved)));
        await client.PublishAsync($"guarded/{name}", "qos 0", QualityOfService.ExactlyOnce);
        Assert.Equal(("qos 0", QualityOfService.AtMostOnce), Describe(await watcher.ReceiveAsync()));
        await client.PublishAsync($"guarded/{name}", "qos 2", QualityOfService.AtMostOnce);
        Assert.Equal(("qos 2", QualityOfService.ExactlyOnce), Describe(await watcher.ReceiveAsync()));

        static (string, QualityOfService) Describe(PublishPacket publish) => (Text(publish), publish.QoS);
    }

    [Fact]
    public async Task What_is_retained_is_what_the_filter_says()
    {
        var name = cluster.NewName();
        await using var client = await cluster.ConnectAsync();
        await client.PublishAsync($"guarded/{name}1", "retain");
        await client.PublishAsync($"guarded/{name}2", "keep-not", retain: true);
        await client.PublishAsync($"guarded/{name}3", "move away", retain: true);
        await client.PublishAsync($"guarded/{name}4", "say this", retain: true);
        var expected = new Dictionary<string, string> { [$"guarded/{name}1"] = "retain", [$"moved/{name}3/away"] = "move away, seen", [$"guarded/{name}4"] = "this", ["none"] = "left" };
        await using var watcher = await cluster.ConnectAsync(1);
        foreach (var topic in expected.Keys.Append($"guarded/{name}2").Append($"guarded/{name}3")) await watcher.SubscribeAsync(topic);
        await client.PublishAsync("none", "left");
        for (var left = expected.Count; left > 0; left--)
        {
            var retained = await watcher.ReceiveAsync();
            Assert.Equal(expected[retained.Topic], Text(retained));
        }
    }

    [Theory]
    [InlineData(QualityOfService.AtMostOnce)]
    [InlineData(QualityOfService.AtLeastOnce)]
    [InlineData(QualityOfService.ExactlyOnce)]
    public async Task Order_stays_with_many_messages_in_flight(QualityOfService qos)
    {
        const int Count = 600;
        var topic = $"thirds/{cluster.NewName()}";
        await using var watcher = await WatchAsync(topic);
        await using var client = await cluster.ConnectAsync();
        var publishing = Enumerable.Range(1, Count).Select(number => client.PublishAsync(topic, $"{number}", qos)).ToList();
        for (var number = 1; number <= Count; number++)
            if (number % 3 != 0) Assert.Equal($"{number}", await watcher.ReceiveTextAsync());
        var failed = 0;
        foreach (var publish in publishing)
        {
            try
            {
                await publish;
            }
            catch (IOException)
            {
                failed++;
            }
        }
        Assert.Equal(qos == QualityOfService.AtMostOnce ? 0 : Count / 3, failed);
    }

    [Fact]
    public async Task Messages_of_other_topics_overtake_what_waits_for_a_filter_and_nothing_is_lost()
    {
        var name = cluster.NewName();
        await using var watcher = await WatchAsync($"held/{name}");
        await watcher.SubscribeAsync($"free/{name}/#");
        await using var client = await cluster.ConnectAsync();
        List<Task> publishing = [client.PublishAsync($"held/{name}", "held 0", QualityOfService.AtMostOnce, retain: true)];
        foreach (var qos in new[] { QualityOfService.AtLeastOnce, QualityOfService.ExactlyOnce }) publishing.Add(client.PublishAsync($"held/{name}", $"held {(int)qos}", qos, retain: true));
        await Inbox.TakeAsync(name);
        // To all partitions, retained and not.
        for (var i = 0; i < 100; i++) await client.PublishAsync($"free/{name}/{i}", $"{i}", QualityOfService.AtMostOnce, retain: i % 2 == 0);
        for (var i = 0; i < 100; i++) Assert.Equal($"{i}", await watcher.ReceiveTextAsync());
        Gates.Open(name);
        for (var i = 0; i < 3; i++) Assert.Equal($"held {i}", await watcher.ReceiveTextAsync());
        await Task.WhenAll(publishing);
        await using var late = await WatchAsync($"held/{name}");
        Assert.Equal("held 2", await late.ReceiveTextAsync());
    }

    [Fact]
    public async Task Several_filters_have_a_message_in_their_order_and_handlers_after_them()
    {
        var name = cluster.NewName();
        await using var client = await cluster.ConnectAsync();
        for (var i = 0; i < 20; i++) await client.PublishAsync($"stamped/{name}", $"{i}", QualityOfService.AtMostOnce);
        for (var i = 0; i < 20; i++) Assert.Equal($"{i} first second", await Inbox.TakeAsync(name));
    }

    [Theory]
    [InlineData("fail at it", "InvalidOperationException: at it", 2)]
    [InlineData("nothing", "InvalidOperationException: The filter has returned no decision.", 2)]
    [InlineData("abduct far", "InvalidOperationException: The filter has moved a message elsewhere than its MovesTo says.", 2)]
    public async Task What_a_filter_fails_with_is_denied_and_a_dead_letter(string command, string reason, int attempts)
    {
        var topic = $"guarded/{cluster.NewName()}";
        await using var watcher = await WatchAsync("$dead-letter/GuardGrain");
        await watcher.SubscribeAsync(topic);
        await using var client = await cluster.ConnectAsync();
        var refusal = await Assert.ThrowsAsync<IOException>(() => client.PublishAsync(topic, command));
        Assert.Contains(nameof(ReasonCode.ImplementationSpecificError), refusal.Message, StringComparison.Ordinal);
        // Other tests have dead letters too.
        while (true)
        {
            var letter = await watcher.ReceiveAsync();
            Assert.NotEqual(topic, letter.Topic);
            if (!letter.UserProperties.Contains(new UserProperty("dead-letter-topic", topic))) continue;
            Assert.Contains(new UserProperty("dead-letter-reason", reason), letter.UserProperties);
            Assert.Contains(new UserProperty("dead-letter-attempts", $"{attempts}"), letter.UserProperties);
            break;
        }
    }

    [Fact]
    public async Task A_filter_that_never_decides_is_cut_off()
    {
        await using var client = await cluster.ConnectAsync();
        var refusal = await Assert.ThrowsAsync<IOException>(() => client.PublishAsync($"undecided/{cluster.NewName()}", "x"));
        Assert.Contains(nameof(ReasonCode.ImplementationSpecificError), refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Wills_are_filtered()
    {
        var name = cluster.NewName();
        await using var watcher = await WatchAsync($"guarded/{name}");
        foreach (var command in new[] { "deny 87", "fail for good", "say gone" })
        {
            var will = new Will { Topic = $"guarded/{name}", Payload = Encoding.UTF8.GetBytes(command), QoS = QualityOfService.AtLeastOnce };
            await (await cluster.Cluster.Gateways[0].ConnectAsync(cluster.NewName(), will: will)).DisposeAsync();
        }
        Assert.Equal("gone", await watcher.ReceiveTextAsync());
    }

    [Fact]
    public async Task What_handlers_publish_is_filtered_and_not_waited_for()
    {
        var name = cluster.NewName();
        await using var watcher = await WatchAsync($"echoes/{name}");
        await using var client = await cluster.Cluster.Gateways[0].ConnectAsync(name);
        await client.PublishAsync($"echoes/{name}", "2");
        var echoes = new[] { await watcher.ReceiveTextAsync(), await watcher.ReceiveTextAsync(), await watcher.ReceiveTextAsync() };
        Assert.Equal(["0 of nobody", "1 of nobody", $"2 of {name}"], echoes.Order(StringComparer.Ordinal));
    }

    private static string Text(PublishPacket publish) => Encoding.UTF8.GetString(publish.Payload.Span);

    private static async Task<List<string>> ReceiveAsync(MqttTestClient watcher)
    {
        var texts = new List<string>();
        while (texts is not [.., Last]) texts.Add(await watcher.ReceiveTextAsync());
        return texts;
    }

    private async Task<MqttTestClient> WatchAsync(string filter)
    {
        var watcher = await cluster.ConnectAsync(1);
        await watcher.SubscribeAsync(filter);
        return watcher;
    }

    private long Denied() => cluster.Cluster.Silos.Sum(static silo => silo.Services.GetRequiredService<HandlerTable>().Find(nameof(GuardGrain))!.Counts.Denied);
}
