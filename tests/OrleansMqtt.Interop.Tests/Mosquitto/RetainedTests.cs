using OrleansMqtt.Interop.Tests.Brokers;

namespace OrleansMqtt.Interop.Tests.Mosquitto;

[Collection(MosquittoCollection.Name)]
public sealed class RetainedTests(BrokerFixture broker)
{
    private readonly MosquittoClients _mosquitto = new(broker);
    private readonly Names _names = new();

    [Theory]
    [MemberData(nameof(Versions.WithQoS), MemberType = typeof(Versions))]
    public async Task A_later_subscriber_receives_the_last_retained_message(string version, int qos)
    {
        var topic = _names.Topic("last");
        await _mosquitto.PublishAsync(version, topic, "-r", "-q", "1", "-m", "older");
        await _mosquitto.PublishAsync(version, topic, "-r", "-q", "1", "-m", "newer");
        await using var subscriber = await _mosquitto.SubscribeAsync(version, "%r %q %p", "-t", topic, "-q", $"{qos}", "-C", "1");

        Assert.Equal([$"1 {Math.Min(qos, 1)} newer"], await subscriber.AllMessagesAsync());
    }

    [Theory]
    [MemberData(nameof(Versions.All), MemberType = typeof(Versions))]
    public async Task An_established_subscription_sees_a_retained_message_as_an_ordinary_one(string version)
    {
        var topic = _names.Topic("live");
        await using var subscriber = await _mosquitto.SubscribeAsync(version, "%r %p", "-t", topic, "-C", "1");
        await _mosquitto.PublishAsync(version, topic, "-r", "-q", "1", "-m", "now");

        Assert.Equal(["0 now"], await subscriber.AllMessagesAsync());
    }

    [Theory]
    [MemberData(nameof(Versions.All), MemberType = typeof(Versions))]
    public async Task An_empty_retained_message_clears_the_topic(string version)
    {
        var cleared = _names.Topic("cleared");
        var kept = _names.Topic("kept");
        await _mosquitto.PublishAsync(version, cleared, "-r", "-q", "1", "-m", "gone");
        await _mosquitto.PublishAsync(version, kept, "-r", "-q", "1", "-m", "kept");
        await _mosquitto.PublishAsync(version, cleared, "-r", "-q", "1", "-n");
        await using var subscriber = await _mosquitto.SubscribeAsync(version, "%r %p", "-t", _names.Topic("#"), "-q", "1");
        await _mosquitto.PublishAsync(version, _names.Topic("end"), "-q", "1", "-m", "end");
        await subscriber.MessageAsync("0 end");

        Assert.Equal(["1 kept", "0 end"], subscriber.Messages);
    }

    [Theory]
    [MemberData(nameof(Versions.All), MemberType = typeof(Versions))]
    public async Task A_wildcard_collects_every_retained_message_below_it(string version)
    {
        var topics = Enumerable.Range(0, 20).Select(n => _names.Topic($"many/{n}")).ToArray();
        foreach (var topic in topics) await _mosquitto.PublishAsync(version, topic, "-r", "-q", "1", "-m", "x");
        await using var subscriber = await _mosquitto.SubscribeAsync(version, "%t", "-t", _names.Topic("many/+"), "-q", "1", "-C", "20");

        Assert.Equal(topics.Order(StringComparer.Ordinal), (await subscriber.AllMessagesAsync()).Order(StringComparer.Ordinal));
    }
}
