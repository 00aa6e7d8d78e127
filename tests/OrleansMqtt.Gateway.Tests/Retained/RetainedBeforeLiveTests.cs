using OrleansMqtt.Gateway.Tests.Harness;
using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.Gateway.Tests.Retained;

/// <summary>What is published after SUBACK does not overtake the retained messages that the subscription brings.</summary>
public sealed class RetainedBeforeLiveTests
{
    [Theory]
    [InlineData(QualityOfService.AtMostOnce, 0u, "kept")]
    [InlineData(QualityOfService.AtLeastOnce, 0u, "kept")]
    [InlineData(QualityOfService.AtLeastOnce, 0u, "#")]
    [InlineData(QualityOfService.AtLeastOnce, 1000u, "kept")]
    [InlineData(QualityOfService.ExactlyOnce, 1000u, "+")]
    public async Task Retained_messages_come_first(QualityOfService qos, uint sessionExpiry, string filter)
    {
        await using var broker = await TestBroker.StartAsync();
        var publisher = await broker.ConnectAsync("p");
        await publisher.PublishAsync("kept", "retained", QualityOfService.AtLeastOnce, retain: true);
        var client = await broker.ConnectAsync("c", sessionExpiry: sessionExpiry);
        for (var round = 0; round < 100; round++)
        {
            await client.SubscribeAsync(filter, qos);
            await publisher.PublishAsync("kept", "live", QualityOfService.AtLeastOnce);

            Assert.Equal(("retained", true), await NextAsync(client));
            Assert.Equal(("live", false), await NextAsync(client));
        }
    }

    private static async Task<(string Text, bool Retain)> NextAsync(TestClient client)
    {
        while (true)
        {
            switch (await client.ReceiveAsync())
            {
                case PublishPacket publish:
                    if (publish.QoS == QualityOfService.AtLeastOnce) await client.AcknowledgeAsync(PacketType.PubAck, publish.PacketId);
                    return (publish.Text(), publish.Retain);
                case var other:
                    Assert.Fail($"{other}");
                    break;
            }
        }
    }
}
