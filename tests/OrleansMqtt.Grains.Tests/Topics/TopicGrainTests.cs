using System.Collections.Immutable;
using Microsoft.Extensions.DependencyInjection;
using OrleansMqtt.Grains.Tests.Support;
using OrleansMqtt.Routing;
using OrleansMqtt.Storage;
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
        await topic.AttachAsync("silo", silo.Reference<IRouteReplica>(replica));
        var before = Assert.Single(replica.Loaded);
        await topic.ChangeAsync([RouteChanges.OfGateway("g", "t", false), RouteChanges.OfGateway("h", "t", false)]);
        await topic.ChangeAsync([RouteChanges.OfGateway("g", "t", true)]);

        Assert.Equal([(before.Version, before.Version + 1, 2), (before.Version + 1, before.Version + 2, 1)], replica.Applied.Select(a => (a.From, a.To, a.Changes.Length)));
        var after = await SnapshotAsync(silo, topic);
        Assert.Equal(("h", before.Version + 2), (Assert.Single(after.Routes).Receiver, after.Version));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_replica_that_does_not_take_a_change_gets_all_routes(bool throws)
    {
        await using var silo = await TestSilo.StartAsync();
        var topic = silo.Topic(0);
        var replica = new FakeReplica();
        await topic.AttachAsync("silo", silo.Reference<IRouteReplica>(replica));
        await topic.ChangeAsync([RouteChanges.OfGateway("g", "t", false)]);
        replica.Apply = throws ? () => throw new TimeoutException() : () => false;
        await topic.ChangeAsync([RouteChanges.OfGateway("h", "t", false)]);
        replica.Apply = static () => true;
        await topic.ChangeAsync([RouteChanges.OfGateway("i", "t", false)]);

        var whole = replica.Loaded[^1];
        Assert.Equal(["g", "h"], whole.Routes.Select(r => r.Receiver).Order());
        Assert.Equal(whole.Version, replica.Applied[^1].From);
    }

    [Fact]
    public async Task A_change_that_a_replica_can_not_be_told_fails_and_the_next_one_brings_it()
    {
        await using var silo = await TestSilo.StartAsync();
        var topic = silo.Topic(0);
        var replica = new FakeReplica();
        await topic.AttachAsync("silo", silo.Reference<IRouteReplica>(replica));
        (replica.Apply, replica.Refuses) = (() => throw new TimeoutException(), true);
        await Assert.ThrowsAsync<TimeoutException>(() => topic.ChangeAsync([RouteChanges.OfGateway("g", "t", false)]));
        (replica.Apply, replica.Refuses) = (() => false, false);
        await topic.ChangeAsync([RouteChanges.OfGateway("h", "t", false)]);

        Assert.Equal(["g", "h"], replica.Loaded[^1].Routes.Select(r => r.Receiver).Order());
    }

    [Fact]
    public async Task A_gateways_route_waits_for_no_change_that_waits_for_the_store()
    {
        var store = new HeldSubscriptionStore();
        await using var silo = await TestSilo.StartAsync(services => services.AddSingleton<ISubscriptionStore>(store));
        var topic = silo.Topic(0);
        var replica = new FakeReplica();
        await topic.AttachAsync("silo", silo.Reference<IRouteReplica>(replica));
        var durable = topic.ChangeAsync([RouteChanges.OfSession("c", "t", Samples.Options(), removed: false)]);
        await store.Entered.Task;
        await topic.ChangeGatewaysAsync([RouteChanges.OfGateway("g", "t", false)]);
        Assert.Equal([RouteKind.Gateway], Kinds());
        Assert.False(durable.IsCompleted);
        store.Gate.SetResult();
        await durable;

        Assert.Equal([RouteKind.Gateway, RouteKind.Session], Kinds());

        IEnumerable<RouteKind> Kinds() => replica.Applied.SelectMany(static a => a.Changes).Select(static c => c.Kind);
    }

    [Fact]
    public async Task What_must_be_stored_is_not_taken_for_a_gateways_route()
    {
        await using var silo = await TestSilo.StartAsync();

        await Assert.ThrowsAsync<ArgumentException>(() => silo.Topic(0).ChangeGatewaysAsync([RouteChanges.OfSession("c", "t", Samples.Options(), removed: false)]));
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

            Assert.Equal(members, (await SnapshotAsync(silo, topic)).Routes.Length);
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

    private static async Task<RouteSnapshot> SnapshotAsync(TestSilo silo, ITopicGrain topic)
    {
        var replica = new FakeReplica();
        await topic.AttachAsync("observer", silo.Reference<IRouteReplica>(replica));
        return replica.Loaded[0];
    }

    private sealed class HeldSubscriptionStore : ISubscriptionStore
    {
        public TaskCompletionSource Entered { get; } = new();

        public TaskCompletionSource Gate { get; } = new();

        public ValueTask<long> OpenAsync(int partition, long epoch) => new(epoch);

        public ValueTask<ImmutableArray<RouteChange>> LoadAsync(int partition) => new(ImmutableArray<RouteChange>.Empty);

        public async ValueTask ApplyAsync(int partition, long epoch, ImmutableArray<RouteChange> changes)
        {
            Entered.SetResult();
            await Gate.Task;
        }
    }

    private sealed class FakeReplica : IRouteReplica
    {
        public Func<bool> Apply { get; set; } = static () => true;

        public bool Refuses { get; set; }

        public List<(long From, long To, ImmutableArray<RouteChange> Changes)> Applied { get; } = [];

        public List<RouteSnapshot> Loaded { get; } = [];

        public Task<bool> ApplyAsync(int partition, long from, long to, ImmutableArray<RouteChange> changes)
        {
            Applied.Add((from, to, changes));
            return Task.FromResult(Apply());
        }

        public Task LoadAsync(int partition, RouteSnapshot snapshot)
        {
            if (Refuses) throw new TimeoutException();
            Loaded.Add(snapshot);
            return Task.CompletedTask;
        }

        public Task SetPresenceAsync(int partition, RetainedPresence presence) => Task.CompletedTask;

        public Task RevokeAsync(int partition) => Task.CompletedTask;
    }
}
