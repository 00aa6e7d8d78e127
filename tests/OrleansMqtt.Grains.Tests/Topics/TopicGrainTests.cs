using System.Collections.Immutable;
using OrleansMqtt.Grains.Tests.Support;
using OrleansMqtt.Routing;
using OrleansMqtt.Topics;

namespace OrleansMqtt.Grains.Tests.Topics;

public sealed class TopicGrainTests
{
    [Fact]
    public async Task Changes_reach_a_replica_with_their_versions_and_a_snapshot_holds_what_stands()
    {
        await using var silo = await TestSilo.StartAsync();
        var topic = silo.Topic(0);
        var replica = new FakeReplica();
        var before = await topic.AttachAsync("silo", silo.Reference<IRouteReplica>(replica));
        await topic.ChangeAsync([RouteChanges.OfGateway("g", "t", false), RouteChanges.OfGateway("h", "t", false)]);
        await topic.ChangeAsync([RouteChanges.OfGateway("g", "t", true)]);

        Assert.Equal([(before.Version, before.Version + 1, 2), (before.Version + 1, before.Version + 2, 1)], replica.Applied.Select(a => (a.From, a.To, a.Changes.Length)));
        var after = await topic.AttachAsync("other", silo.Reference<IRouteReplica>(new FakeReplica()));
        Assert.Equal(("h", before.Version + 2), (Assert.Single(after.Routes).Receiver, after.Version));
    }

    [Fact]
    public async Task A_replica_that_refuses_a_change_is_told_no_more()
    {
        await using var silo = await TestSilo.StartAsync();
        var topic = silo.Topic(0);
        var replica = new FakeReplica { Accepts = false };
        await topic.AttachAsync("silo", silo.Reference<IRouteReplica>(replica));
        for (var i = 0; i < 3; i++) await topic.ChangeAsync([RouteChanges.OfGateway($"g{i}", "t", false)]);

        Assert.Single(replica.Applied);
    }

    [Fact]
    public async Task Being_away_does_not_bring_a_member_back_that_has_left()
    {
        await using var silo = await TestSilo.StartAsync();
        var topic = silo.Topic(0);
        var (joined, away, left) = (Samples.Member("c", "t", "gateway"), Samples.Member("c", "t", null), Samples.Member("c", "t", null, removed: true));
        foreach (var (changes, members) in (List<(RouteChange[], int)>)
            [([joined], 1), ([left], 0), ([away], 0), ([joined, left, away], 0), ([joined, away], 1), ([left, away, joined, away], 1), ([left], 0)])
        {
            await topic.ChangeAsync([.. changes]);

            Assert.Equal(members, (await topic.AttachAsync("silo", silo.Reference<IRouteReplica>(new FakeReplica()))).Routes.Length);
        }
    }

    [Fact]
    public async Task Retained_messages_are_read_page_by_page_and_each_once()
    {
        await using var silo = await TestSilo.StartAsync();
        var topic = silo.Topic(0);
        await topic.RetainAsync([.. Enumerable.Range(0, 100).Select(i => Samples.Message($"r/{i}", $"{i}", retain: true))]);
        var (seen, after) = (new List<string>(), ReadOnlyMemory<byte>.Empty);
        while (true)
        {
            var page = await topic.ReadRetainedAsync("r/#", after, 7);
            Assert.InRange(page.Messages.Length, 0, 7);
            seen.AddRange(page.Messages.Select(m => m.Text()));
            if (page.Next is not { } next) break;
            after = next;
        }

        Assert.Equal(100, seen.Count);
        Assert.Equal(100, seen.Distinct().Count());
        Assert.Equal(100, await topic.CountRetainedAsync());
    }

    [Fact]
    public async Task An_expired_retained_message_is_left_out_and_forgotten()
    {
        await using var silo = await TestSilo.StartAsync();
        var (topic, now) = (silo.Topic(0), silo.Time.GetUtcNow().ToUnixTimeMilliseconds());
        await topic.RetainAsync([Samples.Message("r/short", "", retain: true, expiresAt: now + 1000), Samples.Message("r/long", "x", retain: true), Samples.Message("r/soon", "y", retain: true, expiresAt: now + 1000)]);
        silo.Time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(["x"], (await topic.ReadRetainedAsync("r/#", default, 10)).Messages.Select(m => m.Text()));
        Assert.Equal(1, await topic.CountRetainedAsync());
    }

    private sealed class FakeReplica : IRouteReplica
    {
        public bool Accepts { get; init; } = true;

        public List<(long From, long To, ImmutableArray<RouteChange> Changes)> Applied { get; } = [];

        public Task<bool> ApplyAsync(int partition, long from, long to, ImmutableArray<RouteChange> changes)
        {
            Applied.Add((from, to, changes));
            return Task.FromResult(Accepts);
        }

        public Task SetPresenceAsync(int partition, RetainedPresence presence) => Task.CompletedTask;
    }
}
