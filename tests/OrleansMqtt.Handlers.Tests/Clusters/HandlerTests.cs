using System.Text;
using Microsoft.Extensions.DependencyInjection;
using OrleansMqtt.Grains.Handlers;
using OrleansMqtt.Handlers.Tests.Grains;
using OrleansMqtt.Handlers.Tests.Support;
using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.TestingHost;

namespace OrleansMqtt.Handlers.Tests.Clusters;

/// <summary>Handlers behind gateways in processes of their own.</summary>
public class HandlerTests(HandlerCluster cluster) : IClassFixture<HandlerCluster>
{
    [Fact]
    public async Task Each_device_has_its_own_grain_and_is_handled_in_order()
    {
        var (one, other) = (cluster.NewName(), cluster.NewName());
        await using var client = await cluster.Cluster.Gateways[0].ConnectAsync("c-" + one);
        await client.PublishAsync($"devices/{one}/telemetry", """{"celsius":20.5}""");
        await client.PublishAsync($"devices/{other}/telemetry", """{"celsius":1}""", QualityOfService.AtMostOnce);
        for (var i = 0; i < 100; i++) await client.PublishAsync($"devices/{one}/telemetry", $$"""{"celsius":{{i}}}""", QualityOfService.AtMostOnce);
        Assert.Equal($"1: 20.5 of {one} by c-{one}, AtLeastOnce", await Inbox.TakeAsync(one));
        Assert.Equal($"1: 1 of {other} by c-{one}, AtMostOnce", await Inbox.TakeAsync(other));
        for (var i = 0; i < 100; i++) Assert.Equal($"{i + 2}: {i} of {one} by c-{one}, AtMostOnce", await Inbox.TakeAsync(one));
    }

    [Fact]
    public async Task Subscribers_get_what_handlers_get()
    {
        var name = cluster.NewName();
        await using var client = await cluster.ConnectAsync();
        await using var other = await cluster.ConnectAsync(1);
        await other.SubscribeAsync("devices/+/telemetry");
        await client.PublishAsync($"devices/{name}/telemetry", """{"celsius":20}""", QualityOfService.ExactlyOnce);
        Assert.Equal("""{"celsius":20}""", await other.ReceiveTextAsync());
        Assert.StartsWith("1: 20", await Inbox.TakeAsync(name), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_handler_publishes_retains_reads_and_answers()
    {
        var name = cluster.NewName();
        await using var client = await cluster.ConnectAsync();
        await client.SubscribeAsync($"answers/{name}");
        await GetAsync();
        Assert.Equal("none", await AnswerAsync());
        await client.PublishAsync($"twins/north/{name}/set", "42");
        await GetAsync();
        Assert.Equal($"42 of north/{name}", await AnswerAsync());
        await client.SubscribeAsync($"twins/north/{name}/state");
        Assert.Equal("42", await client.ReceiveTextAsync());

        Task GetAsync() => client.PublishAsync(new PublishPacket
        {
            Topic = $"twins/north/{name}/get", QoS = QualityOfService.AtLeastOnce, PacketId = 1000, ResponseTopic = $"answers/{name}", CorrelationData = "it"u8.ToArray(),
        });

        async Task<string> AnswerAsync()
        {
            var answer = await client.ReceiveAsync();
            Assert.Equal("it", Encoding.UTF8.GetString(answer.CorrelationData!.Value.Span));
            return Encoding.UTF8.GetString(answer.Payload.Span);
        }
    }

    [Theory]
    [InlineData(QualityOfService.AtLeastOnce)]
    [InlineData(QualityOfService.ExactlyOnce)]
    public async Task A_publisher_is_acknowledged_when_the_handler_has_returned(QualityOfService qos)
    {
        var name = cluster.NewName();
        await using var client = await cluster.ConnectAsync();
        var publishing = client.PublishAsync($"gates/{name}", name, qos);
        Assert.Equal(name, await Inbox.TakeAsync(name));
        // What else it publishes is acknowledged behind it; others do not wait.
        await using var other = await cluster.ConnectAsync();
        await other.PublishAsync($"other/{name}", "x");
        Assert.False(publishing.IsCompleted);
        Gates.Open(name);
        await publishing;
    }

    [Fact]
    public async Task One_that_fails_is_tried_again_by_a_new_activation()
    {
        var name = cluster.NewName();
        await using var client = await cluster.ConnectAsync();
        await client.PublishAsync($"failing/{name}", "2");
        var activations = new HashSet<string>();
        for (var i = 0; i < 3; i++) activations.Add(await Inbox.TakeAsync(name));
        Assert.Equal((3, true), (activations.Count, Inbox.IsEmpty(name)));
    }

    [Fact]
    public async Task One_that_fails_for_good_becomes_a_dead_letter_and_the_publisher_hears_of_it()
    {
        var name = cluster.NewName();
        await using var watcher = await cluster.ConnectAsync(1);
        await watcher.SubscribeAsync("$dead-letter/FailingGrain");
        await using var client = await cluster.ConnectAsync();
        var refusal = await Assert.ThrowsAsync<IOException>(() => client.PublishAsync($"failing/{name}", "99"));
        Assert.Contains(nameof(ReasonCode.ImplementationSpecificError), refusal.Message, StringComparison.Ordinal);
        refusal = await Assert.ThrowsAsync<IOException>(() => client.PublishAsync($"failing/{name}", "99", QualityOfService.ExactlyOnce));
        Assert.Contains(nameof(ReasonCode.ImplementationSpecificError), refusal.Message, StringComparison.Ordinal);
        // Its stream goes on.
        await client.PublishAsync($"failing/{name}", "0");
        for (var i = 0; i < 2; i++)
        {
            var letter = await watcher.ReceiveAsync();
            Assert.Equal("99", Encoding.UTF8.GetString(letter.Payload.Span));
            Assert.Contains(new UserProperty("dead-letter-topic", $"failing/{name}"), letter.UserProperties);
            Assert.Contains(new UserProperty("dead-letter-reason", "InvalidOperationException: attempt 3 of many"), letter.UserProperties);
        }
    }

    [Fact]
    public async Task What_a_session_has_stored_is_released_when_its_dead_letter_is_published()
    {
        var name = cluster.NewName();
        await using var client = await cluster.Cluster.Gateways[0].ConnectAsync(name, sessionExpiry: TimeSpan.FromMinutes(1));
        await client.PublishAsync($"failing/{name}", "99", QualityOfService.ExactlyOnce);
        for (var i = 0; i < 3; i++) await Inbox.TakeAsync(name);
    }

    [Theory]
    [InlineData(QualityOfService.AtLeastOnce)]
    [InlineData(QualityOfService.ExactlyOnce)]
    public async Task A_client_that_can_be_told_nothing_else_is_acknowledged_when_the_dead_letter_is_published(QualityOfService qos)
    {
        var name = cluster.NewName();
        await using var client = await cluster.Cluster.Gateways[0].ConnectAsync(new ConnectPacket { ClientId = name, Version = ProtocolVersion.V311, CleanStart = true });
        await client.PublishAsync($"failing/{name}", "99", qos);
        await client.PublishAsync($"failing/{name}", "0", qos);
    }

    [Fact]
    public async Task A_payload_that_cannot_be_read_becomes_a_dead_letter()
    {
        var name = cluster.NewName();
        await using var watcher = await cluster.ConnectAsync();
        await watcher.SubscribeAsync("$dead-letter/+");
        await using var client = await cluster.ConnectAsync();
        await client.PublishAsync($"devices/{name}/telemetry", "warm");
        var letter = await watcher.ReceiveAsync();
        Assert.Equal(("$dead-letter/ThermostatGrain", "warm"), (letter.Topic, Encoding.UTF8.GetString(letter.Payload.Span)));
        Assert.StartsWith("'w' is an invalid start of a value.", letter.UserProperties.Single(static property => property.Name == "dead-letter-reason").Value, StringComparison.Ordinal);
        Assert.True(Inbox.IsEmpty(name));
    }

    [Fact]
    public async Task A_handler_that_never_returns_is_cut_off_and_nothing_else_waits()
    {
        var name = cluster.NewName();
        await using var client = await cluster.ConnectAsync();
        var refusal = await Assert.ThrowsAsync<IOException>(() => client.PublishAsync($"slow/{name}", "slow"));
        Assert.Contains(nameof(ReasonCode.ImplementationSpecificError), refusal.Message, StringComparison.Ordinal);
        await client.PublishAsync($"slow/{name}", "quick");
        Assert.Equal(["True", "cancelled", "False"], new[] { await Inbox.TakeAsync(name), await Inbox.TakeAsync(name), await Inbox.TakeAsync(name) }.OrderBy(static text => text == "False"));
        Assert.Equal(1, Sum(nameof(SlowGrain), static counts => counts.TimedOut));
    }

    [Fact]
    public async Task A_handler_that_publishes_to_its_own_topic_does_not_wait_for_itself()
    {
        var name = cluster.NewName();
        await using var client = await cluster.ConnectAsync();
        await client.PublishAsync($"loop/{name}", "3");
        foreach (var count in new[] { "3", "2", "1", "0" }) Assert.Equal(count, await Inbox.TakeAsync(name));
    }

    private long Sum(string handler, Func<HandlerCounts, long> what) =>
        cluster.Cluster.Silos.Sum(silo => what(silo.Services.GetRequiredService<HandlerTable>().Find(handler)!.Counts));
}
