using OrleansMqtt.Cluster.Tests.Clients;
using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.Cluster.Tests;

/// <summary>What one gateway has acknowledged is so for all of them.</summary>
[Collection(ClusterCollection.Name)]
public sealed class VisibilityTests(ClusterFixture fixture)
{
    private const int Rounds = 100;

    /// <summary>From SUBACK on no publish misses the subscription, wherever it comes in.</summary>
    [Theory]
    [InlineData(QualityOfService.AtMostOnce)]
    [InlineData(QualityOfService.AtLeastOnce)]
    [InlineData(QualityOfService.ExactlyOnce)]
    public async Task What_is_published_right_after_SUBACK_is_delivered(QualityOfService qos)
    {
        foreach (var (here, there) in Pairs())
        {
            using var subscriber = await ClusterClient.ConnectAsync(here, fixture.Name("subscriber"));
            using var publisher = await ClusterClient.ConnectAsync(there, fixture.Name("publisher"));
            for (var round = 0; round < Rounds; round++)
            {
                var name = fixture.Name("topic");
                await subscriber.SubscribeAsync(round % 2 == 0 ? $"{name}/a" : $"{name}/+");
                await publisher.PublishAsync($"{name}/a", $"{round}", qos);
                Assert.Equal($"{round}", await subscriber.NextAsync());
            }
        }
    }

    /// <summary>From PUBACK on every SUBSCRIBE finds the retained message.</summary>
    [Fact]
    public async Task What_is_retained_is_found_by_every_later_SUBSCRIBE()
    {
        var topic = fixture.Name("retained");
        foreach (var (here, there) in Pairs())
        {
            using var publisher = await ClusterClient.ConnectAsync(there, fixture.Name("publisher"));
            for (var round = 0; round < Rounds; round++)
            {
                var value = $"{there} {round}";
                await publisher.PublishAsync(topic, value, round % 2 == 0 ? QualityOfService.AtLeastOnce : QualityOfService.ExactlyOnce, retain: true);
                using var subscriber = await ClusterClient.ConnectAsync(here, fixture.Name("subscriber"));
                await subscriber.SubscribeAsync(round % 3 == 0 ? $"{topic}/#" : topic);
                Assert.Equal(value, await subscriber.NextAsync());
            }
        }
    }

    private IEnumerable<(System.Net.EndPoint Here, System.Net.EndPoint There)> Pairs() =>
        from here in fixture.Gateways from there in fixture.Gateways select ((System.Net.EndPoint)here, (System.Net.EndPoint)there);
}
