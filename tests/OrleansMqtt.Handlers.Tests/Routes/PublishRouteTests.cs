using System.Text;
using OrleansMqtt.Handlers.Tests.Grains;
using OrleansMqtt.Handlers.Tests.Routes.Support;
using OrleansMqtt.TestingHost;

namespace OrleansMqtt.Handlers.Tests.Routes;

/// <summary>Code that is mapped on publishes, in the silos of a cluster.</summary>
public class PublishRouteTests(RouteCluster cluster) : IClassFixture<RouteCluster>
{
    [Fact]
    public async Task Each_message_is_handled_in_order_and_all_handlers_of_a_topic_run()
    {
        var name = cluster.NewName();
        await using var client = await cluster.Cluster.Gateways[0].ConnectAsync("c-" + name);
        await client.PublishAsync($"sensors/{name}/temp", "21.5");
        Assert.Equal($"21.5 by c-{name}, AtLeastOnce", await Inbox.TakeAsync(name));
        for (var i = 0; i < 500; i++) await client.PublishAsync($"sensors/{name}/temp", $"{i}", QualityOfService.AtMostOnce);
        for (var i = 0; i < 500; i++) Assert.Equal($"{i} by c-{name}, AtMostOnce", await Inbox.TakeAsync(name));
        var twice = cluster.NewName();
        await client.PublishAsync($"twice/{twice}", "x");
        Assert.Equal($"twice/{twice}", await Inbox.TakeAsync($"every {twice}"));
        Assert.Equal(["one True", "two x"], new[] { await Inbox.TakeAsync(twice), await Inbox.TakeAsync(twice) }.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_result_goes_to_the_response_topic()
    {
        var name = cluster.NewName();
        await using var client = await cluster.ConnectAsync();
        await client.SubscribeAsync($"answers/{name}");
        await AskAsync("nothing");
        await AskAsync("hello");
        var answer = await client.ReceiveAsync();
        Assert.Equal((name + ": hello", "it"), (Encoding.UTF8.GetString(answer.Payload.Span), Encoding.UTF8.GetString(answer.CorrelationData!.Value.Span)));
        // Without one there is nothing to do.
        await client.PublishAsync($"echo/{name}", "hello");

        Task AskAsync(string text) => client.PublishAsync(new PublishPacket
        {
            Topic = $"echo/{name}", Payload = Encoding.UTF8.GetBytes(text), QoS = QualityOfService.AtLeastOnce, PacketId = 1000, ResponseTopic = $"answers/{name}", CorrelationData = "it"u8.ToArray(),
        });
    }

    [Fact]
    public async Task One_publisher_waits_and_others_do_not()
    {
        var name = cluster.NewName();
        await using var client = await cluster.Cluster.Gateways[0].ConnectAsync("a-" + name);
        var waiting = client.PublishAsync($"gates/{name}", "wait");
        Assert.Equal($"a-{name} wait", await Inbox.TakeAsync(name));
        await using var other = await cluster.Cluster.Gateways[1].ConnectAsync("b-" + name);
        await other.PublishAsync($"gates/{name}", "go on");
        Assert.Equal($"b-{name} go on", await Inbox.TakeAsync(name));
        Assert.False(waiting.IsCompleted);
        Gates.Open(name);
        await waiting;
    }

    [Fact]
    public async Task One_that_fails_is_tried_again_and_then_a_dead_letter()
    {
        var name = cluster.NewName();
        await using var client = await cluster.ConnectAsync();
        await client.SubscribeAsync("$dead-letter/failing");
        await client.PublishAsync($"failing/{name}", "1");
        Assert.Equal(["1", "2"], new[] { await Inbox.TakeAsync(name), await Inbox.TakeAsync(name) });
        var refusal = await Assert.ThrowsAsync<IOException>(() => client.PublishAsync($"failing/{name}", "9"));
        Assert.Contains(nameof(ReasonCode.ImplementationSpecificError), refusal.Message, StringComparison.Ordinal);
        var letter = await client.ReceiveAsync();
        Assert.Contains(new UserProperty("dead-letter-reason", "InvalidOperationException: attempt 2"), letter.UserProperties);
        Assert.Contains(new UserProperty("dead-letter-topic", $"failing/{name}"), letter.UserProperties);
    }

    [Fact]
    public async Task A_level_or_a_payload_that_cannot_be_read_makes_a_dead_letter()
    {
        var name = cluster.NewName();
        await using var client = await cluster.ConnectAsync();
        await client.SubscribeAsync("$dead-letter/numbers.{id}.{name}");
        await client.SubscribeAsync("$dead-letter/sensors.{room}.temp");
        await client.PublishAsync($"numbers/seven/{name}", "");
        Assert.Contains(new UserProperty("dead-letter-reason", "The topic's {id} is no Int32."), (await client.ReceiveAsync()).UserProperties);
        await client.PublishAsync($"numbers/7/{name}", "");
        Assert.Equal("7", await Inbox.TakeAsync(name));
        await client.PublishAsync($"sensors/{name}/temp", "warm");
        Assert.Contains(new UserProperty("dead-letter-reason", "The payload is no number."), (await client.ReceiveAsync()).UserProperties);
    }

    [Fact]
    public async Task One_that_takes_too_long_is_cancelled_and_its_publisher_told()
    {
        var name = cluster.NewName();
        await using var client = await cluster.ConnectAsync();
        await Assert.ThrowsAsync<IOException>(() => client.PublishAsync($"slow/{name}", ""));
        Assert.Equal("cancelled", await Inbox.TakeAsync(name));
    }

    [Fact]
    public async Task One_that_publishes_to_its_own_topic_by_the_broker_does_not_wait_for_itself()
    {
        var name = cluster.NewName();
        await using var client = await cluster.ConnectAsync();
        await client.PublishAsync($"again/{name}", "2");
        Assert.Equal(["0", "1", "2"], new[] { await Inbox.TakeAsync(name), await Inbox.TakeAsync(name), await Inbox.TakeAsync(name) }.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Code_that_returns_a_decision_is_a_filter()
    {
        var name = cluster.NewName();
        await using var client = await cluster.ConnectAsync();
        await client.SubscribeAsync($"doors/{name}");
        await client.SubscribeAsync($"moved/{name}");
        await client.PublishAsync($"doors/{name}", "yes");
        Assert.Equal("yes!", await client.ReceiveTextAsync());
        await RefusedAsync("no", ReasonCode.QuotaExceeded);
        await RefusedAsync("late no", ReasonCode.NotAuthorized);
        await client.PublishAsync($"doors/{name}", "move");
        var moved = await client.ReceiveAsync();
        Assert.Equal(($"moved/{name}", "move"), (moved.Topic, Encoding.UTF8.GetString(moved.Payload.Span)));

        async Task RefusedAsync(string text, ReasonCode reason) =>
            Assert.Contains(reason.ToString(), (await Assert.ThrowsAsync<IOException>(() => client.PublishAsync($"doors/{name}", text))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Methods_with_attributes_are_mapped_and_have_services()
    {
        var name = cluster.NewName();
        await using var client = await cluster.Cluster.Gateways[1].ConnectAsync("c-" + name);
        await client.SubscribeAsync($"seen/{name}");
        await client.PublishAsync($"annotated/{name}", "one");
        Assert.Equal("one seen", await client.ReceiveTextAsync());
        await client.PublishAsync($"also/{name}", "two");
        Assert.Equal("two seen", await client.ReceiveTextAsync());
        await client.SubscribeAsync($"annotated/{name}");
        Assert.Equal($"annotated {name}", await client.ReceiveTextAsync());
        Assert.Equal("default", await Inbox.TakeAsync($"connected c-{name}"));
    }
}
