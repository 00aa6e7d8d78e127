using OrleansMqtt.Cluster.Tests.Clients;

namespace OrleansMqtt.Cluster.Tests;

/// <summary>Connections with one client identifier that race on several gateways: one wins, always.</summary>
[Collection(ClusterCollection.Name)]
public sealed class TakeoverTests(ClusterFixture fixture)
{
    private const int Rounds = 60;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Exactly_one_of_those_who_race_wins(int seed)
    {
        var random = new Random(seed);
        for (var round = 0; round < Rounds; round++)
        {
            // Names come again, so that a race also meets the winner of one before.
            var name = $"race-{seed}-{random.Next(Rounds / 3)}";
            var expiry = random.Next(2) == 0 ? 0u : 60u;
            var gateways = Enumerable.Range(0, random.Next(2, 5)).Select(i => fixture.Gateways[(i + round) % fixture.Gateways.Count]).ToList();
            var racers = await Task.WhenAll(gateways.Select(gateway => ClusterClient.TryConnectAsync(gateway, name, expiry)));
            await AssertOneIsLeftAsync([.. racers.OfType<ClusterClient>()], $"seed {seed}, round {round}");
        }
    }

    private async Task AssertOneIsLeftAsync(List<ClusterClient> racers, string where)
    {
        Assert.True(racers.Count > 0, $"nobody was accepted: {where}");
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        // A list: connections that have ended already may have one task for all.
        var running = racers.Select(racer => (Watch: racer.EndAsync(enough.Token), Racer: racer)).ToList();
        while (running.Count > 1)
        {
            var ended = await Task.WhenAny(running.Select(static r => r.Watch));
            await ended; // With the guard's failure, if more than one is left for good.
            var loser = running.Find(r => r.Watch == ended);
            loser.Racer.Dispose();
            running.Remove(loser);
        }

        await enough.CancelAsync();
        var (watch, winner) = running.Single();
        await watch.ContinueWith(static _ => { }, TestContext.Current.CancellationToken, TaskContinuationOptions.None, TaskScheduler.Default);
        Assert.True(watch.IsCanceled, $"the last one ended too: {where}");
        using (winner) await AssertReachableAsync(winner);
    }

    /// <summary>The winner's connection is one of the cluster: what is published at any gateway reaches it.</summary>
    private async Task AssertReachableAsync(ClusterClient winner)
    {
        var topic = fixture.Name("winner");
        await winner.SubscribeAsync(topic);
        foreach (var gateway in fixture.Gateways)
        {
            using var publisher = await ClusterClient.ConnectAsync(gateway, fixture.Name("publisher"));
            await publisher.PublishAsync(topic, $"{gateway}");
            Assert.Equal($"{gateway}", await winner.NextAsync());
        }
    }
}
