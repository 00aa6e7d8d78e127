using System.Text;
using Orleans.Streams;
using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.TestingHost;

namespace OrleansMqtt.Streams.Tests;

/// <summary>Topic filters as streams.</summary>
public class StreamTests(StreamCluster cluster) : IClassFixture<StreamCluster>
{
    [Theory]
    [InlineData(QualityOfService.AtMostOnce)]
    [InlineData(QualityOfService.AtLeastOnce)]
    [InlineData(QualityOfService.ExactlyOnce)]
    public async Task A_grain_gets_what_clients_publish_in_order(QualityOfService qos)
    {
        var name = StreamCluster.NewName();
        await cluster.Cluster.Grains.GetGrain<IListenerGrain>(name).SubscribeAsync($"rooms/{name}/+");
        await using var publisher = await cluster.ConnectAsync();
        for (var i = 0; i < 200; i++) await publisher.PublishAsync($"rooms/{name}/temperature", $"{i}", qos);
        for (var i = 0; i < 200; i++) Assert.Equal($"{i}", await ListenerGrain.TakeAsync(name));
    }

    [Fact]
    public async Task A_client_of_the_cluster_gets_them_until_it_unsubscribes()
    {
        var name = StreamCluster.NewName();
        var (collector, other) = (new Collector(), new Collector());
        var handle = await cluster.Stream($"doors/{name}/#").SubscribeAsync(collector);
        await cluster.Stream($"doors/{name}/back").SubscribeAsync(other);
        await using var publisher = await cluster.ConnectAsync(1);
        await publisher.PublishAsync($"doors/{name}/front", "open");
        Assert.Equal($"doors/{name}/front=open", await collector.TakeAsync());
        await handle.UnsubscribeAsync();
        await publisher.PublishAsync($"doors/{name}/front", "shut");
        await publisher.PublishAsync($"doors/{name}/back", "shut");
        Assert.Equal($"doors/{name}/back=shut", await other.TakeAsync());
        Assert.True(collector.IsEmpty);
    }

    [Fact]
    public async Task Each_of_several_streams_that_match_gets_the_message()
    {
        var name = StreamCluster.NewName();
        string[] filters = [$"a/{name}/b", $"a/{name}/+", $"a/{name}/#", $"+/{name}/b", $"+/{name}/#"];
        var collectors = filters.ToDictionary(static filter => filter, static _ => new Collector());
        foreach (var (filter, collector) in collectors) await cluster.Stream(filter).SubscribeAsync(collector);
        await using var publisher = await cluster.ConnectAsync();
        for (var i = 0; i < 10; i++) await publisher.PublishAsync($"a/{name}/b", $"{i}");
        foreach (var collector in collectors.Values)
            for (var i = 0; i < 10; i++) Assert.Equal($"a/{name}/b={i}", await collector.TakeAsync());
    }

    [Fact]
    public async Task A_grain_that_has_unsubscribed_and_subscribes_again_gets_what_comes_then()
    {
        var name = StreamCluster.NewName();
        var grain = cluster.Cluster.Grains.GetGrain<IListenerGrain>(name);
        await using var publisher = await cluster.ConnectAsync();
        for (var i = 0; i < 3; i++)
        {
            await grain.SubscribeAsync($"again/{name}");
            await publisher.PublishAsync($"again/{name}", $"during {i}");
            Assert.Equal($"during {i}", await ListenerGrain.TakeAsync(name));
            await grain.UnsubscribeAsync($"again/{name}");
            await publisher.PublishAsync($"again/{name}", $"between {i}");
        }
    }

    [Fact]
    public async Task What_a_stream_is_given_is_published_with_all_that_it_says()
    {
        var name = StreamCluster.NewName();
        await using var subscriber = await cluster.ConnectAsync(1);
        await subscriber.SubscribeAsync($"lamps/{name}/#");
        var message = new MqttMessage
        {
            Topic = $"lamps/{name}/set", Payload = "on"u8.ToArray(), QoS = QualityOfService.ExactlyOnce, ContentType = "text/plain", ResponseTopic = "answers", CorrelationData = "it"u8.ToArray(),
            UserProperties = [KeyValuePair.Create("by", "test")],
        };
        await cluster.Stream($"lamps/{name}/#").OnNextAsync(message);
        var got = await subscriber.ReceiveAsync();
        Assert.Equal((message.Topic, "on", QualityOfService.ExactlyOnce, "text/plain", "answers"), (got.Topic, Encoding.UTF8.GetString(got.Payload.Span), got.QoS, got.ContentType, got.ResponseTopic));
        Assert.Equal("it", Encoding.UTF8.GetString(got.CorrelationData!.Value.Span));
        Assert.Equal(new UserProperty("by", "test"), Assert.Single(got.UserProperties));
    }

    [Fact]
    public async Task The_key_is_the_topic_where_the_message_names_none_and_values_are_retained()
    {
        var name = StreamCluster.NewName();
        await cluster.Stream($"states/{name}").OnNextAsync(MqttMessage.OfText("", "kept") with { Retain = true });
        await using var subscriber = await cluster.ConnectAsync();
        await subscriber.SubscribeAsync($"states/{name}");
        Assert.Equal("kept", await subscriber.ReceiveTextAsync());
        // A stream begins with what comes.
        var collector = new Collector();
        await cluster.Stream($"states/{name}").SubscribeAsync(collector);
        await cluster.Stream($"states/{name}").OnNextAsync(MqttMessage.OfText("", "new"));
        Assert.Equal($"states/{name}=new", await collector.TakeAsync());
    }

    [Fact]
    public async Task What_cannot_be_published_or_subscribed_to_is_refused()
    {
        var text = MqttMessage.OfText("", "x");
        Assert.Contains("no topic name", (await Assert.ThrowsAsync<ArgumentException>(() => cluster.Stream("lamps/#").OnNextAsync(text))).Message, StringComparison.Ordinal);
        Assert.Contains("no topic filter", (await Assert.ThrowsAnyAsync<Exception>(() => cluster.Stream("lamps/#/x").SubscribeAsync(new Collector()))).Message, StringComparison.Ordinal);
        Assert.Contains("no topic filter", (await Assert.ThrowsAnyAsync<Exception>(() => cluster.Stream("$share/group/lamps").SubscribeAsync(new Collector()))).Message, StringComparison.Ordinal);
        Assert.Contains("has to be mqtt", (await Assert.ThrowsAnyAsync<Exception>(() => cluster.Stream("lamps", "other").SubscribeAsync(new Collector()))).Message, StringComparison.Ordinal);
    }
}
