using System.Text.Json;
using OrleansMqtt.Interop.Tests.Brokers;

namespace OrleansMqtt.Interop.Tests.Mosquitto;

[Collection(MosquittoCollection.Name)]
public sealed class PropertyTests(BrokerFixture broker)
{
    private readonly MosquittoClients _mosquitto = new(broker);
    private readonly Names _names = new();

    [Fact]
    public async Task The_properties_of_a_publish_reach_the_subscriber()
    {
        var topic = _names.Topic("properties");
        await using var subscriber = await _mosquitto.SubscribeAsync(
            Versions.V5, "%J", "-t", topic, "-q", "1", "-C", "1", "-D", "subscribe", "subscription-identifier", "268435455");
        await _mosquitto.PublishAsync(
            Versions.V5, topic, "-q", "1", "-m", "{\"celsius\":21.5}",
            "-D", "publish", "payload-format-indicator", "1",
            "-D", "publish", "content-type", "application/json",
            "-D", "publish", "response-topic", "to/whom",
            "-D", "publish", "correlation-data", "c7",
            "-D", "publish", "message-expiry-interval", "600",
            "-D", "publish", "user-property", "room", "attic",
            "-D", "publish", "user-property", "room", "cellar",
            "-D", "publish", "user-property", "", "no name");

        using var message = JsonDocument.Parse(Assert.Single(await subscriber.AllMessagesAsync()));
        Assert.Equal(21.5, message.RootElement.GetProperty("payload").GetProperty("celsius").GetDouble());
        var properties = message.RootElement.GetProperty("properties");
        Assert.Equal(1, properties.GetProperty("payload-format-indicator").GetInt32());
        Assert.Equal("application/json", properties.GetProperty("content-type").GetString());
        Assert.Equal("to/whom", properties.GetProperty("response-topic").GetString());
        Assert.Equal("c7", properties.GetProperty("correlation-data").GetString());
        Assert.InRange(properties.GetProperty("message-expiry-interval").GetInt32(), 1, 600);
        Assert.Equal(268_435_455, properties.GetProperty("subscription-identifier").GetInt32());
        var userProperties = properties.GetProperty("user-properties").EnumerateObject().Select(p => $"{p.Name}={p.Value}");
        Assert.Equal(["room=attic", "room=cellar", "=no name"], userProperties);
    }

    [Fact]
    public async Task A_retained_message_keeps_its_properties()
    {
        var topic = _names.Topic("properties");
        await _mosquitto.PublishAsync(
            Versions.V5, topic, "-r", "-q", "1", "-m", "x",
            "-D", "publish", "content-type", "text/plain", "-D", "publish", "user-property", "room", "attic");
        await using var subscriber = await _mosquitto.SubscribeAsync(Versions.V5, "%r %C %P %p", "-t", topic, "-C", "1");

        Assert.Equal(["1 text/plain room:attic x"], await subscriber.AllMessagesAsync());
    }

    [Theory]
    [InlineData(Versions.V31)]
    [InlineData(Versions.V311)]
    public async Task Older_subscribers_receive_the_bare_message(string version)
    {
        var topic = _names.Topic("properties");
        await using var subscriber = await _mosquitto.SubscribeAsync(version, "%l %p", "-t", topic, "-q", "2", "-C", "1");
        await _mosquitto.PublishAsync(Versions.V5, topic, "-q", "2", "-m", "bare", "-D", "publish", "user-property", "room", "attic");

        Assert.Equal(["4 bare"], await subscriber.AllMessagesAsync());
    }

    [Fact]
    public async Task A_publishers_topic_alias_stands_for_its_topic()
    {
        var topic = _names.Topic("a/topic/with/a/long/name");
        await using var subscriber = await _mosquitto.SubscribeAsync(Versions.V5, "%t %p", "-t", _names.Topic("#"), "-q", "1", "-C", "3");
        // Given an alias, mosquitto_pub -l sends the topic with the first line only.
        await _mosquitto.PublishLinesAsync(Versions.V5, topic, ["1", "2", "3"], "-q", "1", "-D", "publish", "topic-alias", "1");

        Assert.Equal([$"{topic} 1", $"{topic} 2", $"{topic} 3"], await subscriber.AllMessagesAsync());
    }

    [Fact]
    public async Task A_subscriber_is_spared_packets_above_its_maximum()
    {
        var topic = _names.Topic("sizes");
        await using var subscriber = await _mosquitto.SubscribeAsync(
            Versions.V5, "%l", "-t", topic, "-q", "1", "-D", "connect", "maximum-packet-size", "100");
        await _mosquitto.PublishAsync(Versions.V5, topic, "-q", "1", "-m", new string('x', 200));
        await _mosquitto.PublishAsync(Versions.V5, topic, "-q", "1", "-m", new string('x', 20));
        await subscriber.MessageAsync("20");

        Assert.Equal(["20"], subscriber.Messages);
    }

    [Theory]
    [InlineData("1")]
    [InlineData("2")]
    public async Task A_receive_maximum_of_one_slows_but_loses_nothing(string qos)
    {
        var topic = _names.Topic("one-by-one");
        await using var subscriber = await _mosquitto.SubscribeAsync(
            Versions.V5, "%p", "-t", topic, "-q", qos, "-C", "50", "-D", "connect", "receive-maximum", "1");
        var lines = Enumerable.Range(1, 50).Select(n => $"{n}").ToArray();
        await _mosquitto.PublishLinesAsync(Versions.V5, topic, lines, "-q", qos);

        Assert.Equal(lines, await subscriber.AllMessagesAsync());
    }
}
