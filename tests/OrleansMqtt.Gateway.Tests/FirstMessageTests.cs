using System.Text;
using OrleansMqtt.Gateway.Tests.Harness;
using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.Gateway.Tests;

public sealed class FirstMessageTests
{
    [Theory]
    [InlineData(ProtocolVersion.V31, QualityOfService.AtMostOnce)]
    [InlineData(ProtocolVersion.V31, QualityOfService.ExactlyOnce)]
    [InlineData(ProtocolVersion.V311, QualityOfService.AtLeastOnce)]
    [InlineData(ProtocolVersion.V50, QualityOfService.AtMostOnce)]
    [InlineData(ProtocolVersion.V50, QualityOfService.AtLeastOnce)]
    [InlineData(ProtocolVersion.V50, QualityOfService.ExactlyOnce)]
    public async Task A_message_reaches_a_subscriber_of_each_version_at_each_quality_of_service(ProtocolVersion version, QualityOfService qos)
    {
        await using var broker = await TestBroker.StartAsync();
        var subscriber = await broker.ConnectAsync("subscriber", version);
        var publisher = await broker.ConnectAsync("publisher");
        await subscriber.SubscribeAsync("a/+");

        Assert.Equal(ReasonCode.Success, await publisher.PublishAsync("a/b", "hello", qos));

        var received = await subscriber.ReceivePublishAsync();
        Assert.Equal(("a/b", "hello", qos), (received.Topic, Encoding.UTF8.GetString(received.Payload.Span), received.QoS));
        await subscriber.ExpectNothingAsync();
    }
}
