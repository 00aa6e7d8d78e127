using OrleansMqtt.Interop.Tests.Brokers;

namespace OrleansMqtt.Interop.Tests.Mosquitto;

[Collection(MosquittoCollection.Name)]
public sealed class WillTests(BrokerFixture broker)
{
    private readonly MosquittoClients _mosquitto = new(broker);
    private readonly Names _names = new();

    [Theory]
    [MemberData(nameof(Versions.WithQoS), MemberType = typeof(Versions))]
    public async Task The_will_of_a_lost_client_is_published(string version, int qos)
    {
        var will = _names.Topic("will");
        await using var watcher = await _mosquitto.SubscribeAsync(version, "%q %r %p", "-t", will, "-q", "2", "-C", "1");
        await using var doomed = await _mosquitto.SubscribeAsync(
            version, "%p", "-t", _names.Topic("x"), "--will-topic", will, "--will-payload", "lost", "--will-qos", $"{qos}");
        await doomed.DieAsync();

        Assert.Equal([$"{qos} 0 lost"], await watcher.AllMessagesAsync());
    }

    [Theory]
    [MemberData(nameof(Versions.All), MemberType = typeof(Versions))]
    public async Task A_retained_will_is_kept_for_later_subscribers(string version)
    {
        var will = _names.Topic("will");
        await using var watcher = await _mosquitto.SubscribeAsync(version, "%r %p", "-t", will, "-q", "1", "-C", "1");
        await using var doomed = await _mosquitto.SubscribeAsync(
            version, "%p", "-t", _names.Topic("x"), "--will-topic", will, "--will-payload", "lost", "--will-qos", "1", "--will-retain");
        await doomed.DieAsync();
        Assert.Equal(["0 lost"], await watcher.AllMessagesAsync());

        await using var late = await _mosquitto.SubscribeAsync(version, "%r %p", "-t", will, "-q", "1", "-C", "1");
        Assert.Equal(["1 lost"], await late.AllMessagesAsync());
    }

    [Theory]
    [InlineData(Versions.V31)]
    [InlineData(Versions.V311)]
    public async Task A_client_that_says_good_bye_leaves_no_will(string version)
    {
        var will = _names.Topic("will");
        await using var watcher = await _mosquitto.SubscribeAsync(version, "%p", "-t", will, "-q", "1");
        await using var polite = await DoomedAsync(version, will, "not to be seen");
        await using var doomed = await DoomedAsync(version, will, "lost");
        await polite.DisconnectAsync();
        await doomed.DieAsync();
        await watcher.MessageAsync("lost");

        Assert.Equal(["lost"], watcher.Messages);
    }

    [Fact]
    public async Task A_version_5_client_may_leave_its_will_on_purpose()
    {
        var will = _names.Topic("will");
        await using var watcher = await _mosquitto.SubscribeAsync(Versions.V5, "%p", "-t", will, "-q", "1", "-C", "1");
        await using var leaving = await DoomedAsync(Versions.V5, will, "my last words");
        await leaving.DisconnectAsync(); // with reason code 0x04, Disconnect with Will Message

        Assert.Equal(["my last words"], await watcher.AllMessagesAsync());
    }

    [Fact]
    public async Task A_will_carries_its_properties()
    {
        var will = _names.Topic("will");
        await using var watcher = await _mosquitto.SubscribeAsync(Versions.V5, "%C|%R|%D|%P|%p", "-t", will, "-C", "1");
        await using var doomed = await _mosquitto.SubscribeAsync(
            Versions.V5, "%p", "-t", _names.Topic("x"), "--will-topic", will, "--will-payload", "lost",
            "-D", "will", "content-type", "text/plain",
            "-D", "will", "response-topic", "to/whom",
            "-D", "will", "correlation-data", "c7",
            "-D", "will", "user-property", "cause", "unknown");
        await doomed.DieAsync();

        Assert.Equal(["text/plain|to/whom|c7|cause:unknown|lost"], await watcher.AllMessagesAsync());
    }

    private Task<MosquittoSubscriber> DoomedAsync(string version, string topic, string payload) =>
        _mosquitto.SubscribeAsync(version, "%p", "-t", _names.Topic("x"), "--will-topic", topic, "--will-payload", payload);
}
