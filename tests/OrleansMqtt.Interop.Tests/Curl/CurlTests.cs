using OrleansMqtt.Interop.Tests.Brokers;
using OrleansMqtt.Processes;

namespace OrleansMqtt.Interop.Tests.Curl;

/// <summary>curl speaks MQTT 3.1.1 with QoS 0. It prints what it receives as it stands in the packet: topic length, topic, payload.</summary>
[Collection(CurlCollection.Name)]
public sealed class CurlTests(BrokerFixture broker)
{
    private readonly Names _names = new();

    [Fact]
    public async Task Curl_subscribes_and_curl_publishes()
    {
        await CurlProgram.RequireMqttAsync();
        var topic = _names.Topic("curl");
        await using var subscriber = ExternalProcess.Start("curl", ["-sS", "-N", Url(topic)]);

        // curl says nothing when it has subscribed, and cannot retain: publish until the first message is there.
        var ready = subscriber.LineAsync("hello");
        while (!ready.IsCompleted) await PublishAsync(topic, "hello\n");
        Assert.EndsWith($"{topic}hello", await ready, StringComparison.Ordinal);

        await PublishAsync(topic, "and good-bye\n");
        Assert.EndsWith($"{topic}and good-bye", await subscriber.LineAsync("and good-bye"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Curl_posts_a_file_of_100_kB()
    {
        await CurlProgram.RequireMqttAsync();
        Tool.Require("mosquitto_sub", "stdbuf");
        var topic = _names.Topic("file");
        var file = Path.GetTempFileName();
        try
        {
            var payload = new byte[100_000];
            new Random(20_250_102).NextBytes(payload);
            await File.WriteAllBytesAsync(file, payload, TestContext.Current.CancellationToken);
            await using var subscriber = ExternalProcess.Start(
                "stdbuf",
                ["-oL", "mosquitto_sub", "-h", broker.Address.Host, "-p", broker.Address.PortText, "-d", "-t", topic, "-F", "%x", "-C", "1"]);
            await subscriber.LineAsync("Subscribed (mid");
            (await ExternalProcess.RunAsync("curl", ["-sS", "--data-binary", $"@{file}", Url(topic)])).ShouldExitWith(0);

            var result = (await subscriber.ExitAsync()).ShouldExitWith(0);
            Assert.Contains(Convert.ToHexStringLower(payload), result.Output);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private async Task PublishAsync(string topic, string payload) =>
        (await ExternalProcess.RunAsync("curl", ["-sS", "-d", payload, Url(topic)])).ShouldExitWith(0);

    private string Url(string topic) => $"mqtt://{broker.Address.Host}:{broker.Address.PortText}/{topic}";
}
