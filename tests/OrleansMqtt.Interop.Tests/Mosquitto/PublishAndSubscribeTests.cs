using System.Globalization;
using OrleansMqtt.Interop.Tests.Brokers;

namespace OrleansMqtt.Interop.Tests.Mosquitto;

[Collection(MosquittoCollection.Name)]
public sealed class PublishAndSubscribeTests(BrokerFixture broker)
{
    private readonly MosquittoClients _mosquitto = new(broker);
    private readonly Names _names = new();

    [Theory]
    [MemberData(nameof(Versions.WithQoS), MemberType = typeof(Versions))]
    public async Task A_message_comes_with_the_lower_of_its_own_and_the_granted_QoS(string version, int granted)
    {
        var topic = _names.Topic("qos");
        await using var subscriber = await _mosquitto.SubscribeAsync(version, "%q %p", "-t", topic, "-q", Text(granted), "-C", "3");
        for (var qos = 0; qos <= 2; qos++)
            await _mosquitto.PublishAsync(version, topic, "-q", Text(qos), "-m", $"sent with {qos}");

        var expected = Enumerable.Range(0, 3).Select(qos => $"{Math.Min(qos, granted)} sent with {qos}");
        Assert.Equal(expected.Order(), (await subscriber.AllMessagesAsync()).Order());
    }

    [Theory]
    [MemberData(nameof(Versions.Pairs), MemberType = typeof(Versions))]
    public async Task Any_version_reaches_any_version(string publisher, string subscriber)
    {
        var topic = _names.Topic("across");
        await using var receiver = await _mosquitto.SubscribeAsync(subscriber, "%t %q %p", "-t", topic, "-q", "2", "-C", "1");
        await _mosquitto.PublishAsync(publisher, topic, "-q", "2", "-m", "hello");

        Assert.Equal([$"{topic} 2 hello"], await receiver.AllMessagesAsync());
    }

    [Theory]
    [MemberData(nameof(Versions.WithQoS), MemberType = typeof(Versions))]
    public async Task One_publishers_messages_keep_their_order(string version, int qos)
    {
        const int Count = 500;
        var topic = _names.Topic("order");
        await using var subscriber = await _mosquitto.SubscribeAsync(version, "%p", "-t", topic, "-q", Text(qos), "-C", Text(Count));
        var lines = Enumerable.Range(1, Count).Select(Text).ToArray();
        await _mosquitto.PublishLinesAsync(version, topic, lines, "-q", Text(qos));

        Assert.Equal(lines, await subscriber.AllMessagesAsync());
    }

    [Theory]
    [MemberData(nameof(Versions.All), MemberType = typeof(Versions))]
    public async Task A_binary_payload_of_256_KiB_arrives_unchanged(string version)
    {
        var payload = new byte[256 * 1024];
        new Random(20_250_101).NextBytes(payload);
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllBytesAsync(file, payload, TestContext.Current.CancellationToken);
            var topic = _names.Topic("binary");
            await using var subscriber = await _mosquitto.SubscribeAsync(version, "%x", "-t", topic, "-q", "1", "-C", "1");
            await _mosquitto.PublishAsync(version, topic, "-q", "1", "-f", file);

            Assert.Equal(Convert.ToHexStringLower(payload), Assert.Single(await subscriber.AllMessagesAsync()));
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Theory]
    [MemberData(nameof(Versions.All), MemberType = typeof(Versions))]
    public async Task An_empty_payload_is_a_message(string version)
    {
        var topic = _names.Topic("empty");
        await using var subscriber = await _mosquitto.SubscribeAsync(version, "%l", "-t", topic, "-C", "1");
        await _mosquitto.PublishAsync(version, topic, "-n");

        Assert.Equal(["0"], await subscriber.AllMessagesAsync());
    }

    [Theory]
    [MemberData(nameof(Versions.All), MemberType = typeof(Versions))]
    public async Task Topic_names_are_case_sensitive_Unicode(string version)
    {
        var topic = _names.Topic("Straße/温度 °C");
        await using var subscriber = await _mosquitto.SubscribeAsync(version, "%t", "-t", topic, "-C", "1");
        await _mosquitto.PublishAsync(version, _names.Topic("straße/温度 °C"), "-q", "1", "-m", "other case");
        await _mosquitto.PublishAsync(version, topic, "-q", "1", "-m", "same");

        Assert.Equal([topic], await subscriber.AllMessagesAsync());
    }

    [Theory]
    [MemberData(nameof(Versions.All), MemberType = typeof(Versions))]
    public async Task An_idle_client_is_kept_by_its_pings(string version)
    {
        await using var subscriber = await _mosquitto.SubscribeAsync(version, "%p", "-t", _names.Topic("idle"), "-k", "5", "-C", "1");
        await subscriber.LineAsync("received PINGRESP");
        await _mosquitto.PublishAsync(version, _names.Topic("idle"), "-m", "still there");

        Assert.Equal(["still there"], await subscriber.AllMessagesAsync());
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
