using OrleansMqtt.Gateway.Tests.Harness;
using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Tests;
using static OrleansMqtt.Protocol.Packets.QualityOfService;

namespace OrleansMqtt.Gateway.Tests.Sessions;

public sealed class V311TransientErrorTests
{
    [Theory]
    [InlineData(AtLeastOnce)]
    [InlineData(ExactlyOnce)]
    [Normative("3.1.1", "MQTT-4.8.0-2")]
    [Normative("3.1.1", "MQTT-4.3.2-2")]
    public async Task A_message_that_cannot_be_stored_is_not_acknowledged_and_its_repetition_succeeds(QualityOfService qos)
    {
        var store = new GatedStore();
        await using var broker = await TestBroker.StartAsync(configure: store.Install);
        var subscriber = await broker.ResumeV311Async("subscriber");
        await subscriber.SubscribeAsync("t");
        await subscriber.DisconnectAsync();
        var publisher = await broker.ConnectV311Async("publisher");
        store.Failures = 1;

        await publisher.SendPublishAsync("t", "kept", qos, 1);
        await publisher.ExpectClosedAsync();

        publisher = await broker.ConnectV311Async("publisher");
        await publisher.PublishAsync("t", "kept", qos);
        subscriber = await broker.ResumeV311Async("subscriber");
        await subscriber.ExpectPublishAsync("t", "kept");
        await subscriber.ExpectNothingAsync();
    }
}
