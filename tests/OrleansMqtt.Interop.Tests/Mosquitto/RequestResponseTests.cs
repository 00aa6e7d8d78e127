using OrleansMqtt.Interop.Tests.Brokers;

namespace OrleansMqtt.Interop.Tests.Mosquitto;

[Collection(MosquittoCollection.Name)]
public sealed class RequestResponseTests(BrokerFixture broker)
{
    private readonly MosquittoClients _mosquitto = new(broker);
    private readonly Names _names = new();

    [Fact]
    public async Task A_request_carries_its_response_topic_and_correlation_data_to_the_responder()
    {
        var (topic, responseTopic) = (_names.Topic("request"), _names.Topic("response"));
        await using var responder = await _mosquitto.SubscribeAsync(Versions.V5, "%R|%D|%p", "-t", topic, "-q", "1", "-C", "1");
        await using var requester = _mosquitto.Request(
            Versions.V5, topic, responseTopic, "-q", "1", "-m", "6 x 7", "-D", "publish", "correlation-data", "c7");
        Assert.Equal([$"{responseTopic}|c7|6 x 7"], await responder.AllMessagesAsync());

        await _mosquitto.PublishAsync(Versions.V5, responseTopic, "-q", "1", "-m", "42", "-D", "publish", "correlation-data", "c7");
        var result = (await requester.ExitAsync()).ShouldExitWith(0);
        Assert.Contains($"{MosquittoSubscriber.Marker}42", result.Output);
    }

    [Fact]
    public async Task Version_3_1_1_can_ask_too_by_an_agreed_topic()
    {
        var (topic, responseTopic) = (_names.Topic("request"), _names.Topic("response"));
        await using var responder = await _mosquitto.SubscribeAsync(Versions.V311, "%p", "-t", topic, "-q", "1", "-C", "1");
        await using var requester = _mosquitto.Request(Versions.V311, topic, responseTopic, "-q", "1", "-m", "6 x 7");
        Assert.Equal(["6 x 7"], await responder.AllMessagesAsync());

        await _mosquitto.PublishAsync(Versions.V311, responseTopic, "-q", "1", "-m", "42");
        var result = (await requester.ExitAsync()).ShouldExitWith(0);
        Assert.Contains($"{MosquittoSubscriber.Marker}42", result.Output);
    }
}
