using System.Collections.Immutable;
using System.Text;
using OrleansMqtt.Grains.Routing;
using OrleansMqtt.Grains.Tests.Support;
using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Routing;
using OrleansMqtt.Topics;

namespace OrleansMqtt.Grains.Tests.Routing;

public sealed class RouteReplicaTests
{
    private readonly TopicPartitions _partitions = new(4);
    private readonly RouteReplica _replica;

    public RouteReplicaTests() => _replica = new RouteReplica(_partitions, new RoutingLeases());

    [Fact]
    public async Task A_change_is_applied_only_on_the_version_it_was_made_for()
    {
        Load("t", 5);

        Assert.False(await _replica.ApplyAsync(PartitionOf("t"), 4, 5, [Gateway("t", "g")]));
        Assert.False(await _replica.ApplyAsync(PartitionOf("t"), 6, 7, [Gateway("t", "g")]));
        Assert.Empty(Match("t").Gateways);
        Assert.True(await _replica.ApplyAsync(PartitionOf("t"), 5, 6, [Gateway("t", "g")]));
        Assert.Equal(["g"], Match("t").Gateways);
    }

    [Fact]
    public async Task What_a_topic_leads_to_is_looked_up_anew_after_each_change()
    {
        Load("+", 0);
        Assert.Empty(Match("t").Gateways);
        await ApplyAsync("+", 0, Gateway("+", "a"));
        Assert.Equal(["a"], Match("t").Gateways);
        await ApplyAsync("+", 1, Gateway("+", "b"));
        Assert.Equal(["a", "b"], Match("t").Gateways);
        await ApplyAsync("+", 2, Gateway("+", "a", removed: true), Gateway("+", "none", removed: true));
        Assert.Equal(["b"], Match("t").Gateways);
    }

    [Fact]
    public async Task What_filters_of_one_gateway_share_is_theirs_alone_once_they_lead_elsewhere_too()
    {
        Load("a", 0);
        Load("b", 0);
        await ApplyAsync("a", 0, Gateway("a", "g"));
        await ApplyAsync("b", PartitionOf("b") == PartitionOf("a") ? 1 : 0, Gateway("b", "g"));
        Assert.Same(Match("a"), Match("b"));
        await ApplyAsync("a", PartitionOf("b") == PartitionOf("a") ? 2 : 1, Gateway("a", "h"), RouteChanges.OfSession("c", "a", Samples.Options(), removed: false), Gateway("a", "g", removed: true));

        Assert.Equal(["h"], Match("a").Gateways);
        Assert.Equal("c", Assert.Single(Match("a").Sessions).ClientId);
        Assert.Equal(["g"], Match("b").Gateways);
        Assert.Empty(Match("b").Sessions);
    }

    [Fact]
    public async Task Overlapping_filters_of_one_session_are_taken_together()
    {
        foreach (var filter in (string[])["t", "+", "#"]) Load(filter, 0);
        var version = new Dictionary<int, long>();
        foreach (var (filter, qos, identifier) in (List<(string, QualityOfService, uint)>)[("t", 0, 3), ("+", QualityOfService.AtLeastOnce, 1), ("#", 0, 0)])
        {
            var at = version.GetValueOrDefault(PartitionOf(filter));
            await ApplyAsync(filter, at, RouteChanges.OfSession("c", filter, Samples.Options(qos) with { Identifier = identifier }, removed: false));
            version[PartitionOf(filter)] = at + 1;
        }

        var session = Assert.Single(Match("t").Sessions);
        Assert.Equal(("c", QualityOfService.AtLeastOnce), (session.ClientId, session.ForOthers.MaximumQoS));
        Assert.Equal([1u, 3u], session.ForOthers.Identifiers);
    }

    [Fact]
    public async Task Topics_that_one_filter_matches_share_what_it_leads_to_until_it_changes()
    {
        Load("+", 0);
        await ApplyAsync("+", 0, RouteChanges.OfSession("a", "+", Samples.Options(), removed: false), RouteChanges.OfSession("b", "+", Samples.Options(), removed: false));
        var before = Match("t");
        Assert.Same(before, Match("u"));
        await ApplyAsync("+", 1, RouteChanges.OfSession("a", "+", Samples.Options(), removed: true));

        Assert.Same(Match("t"), Match("u"));
        Assert.Equal("b", Assert.Single(Match("t").Sessions).ClientId);
    }

    [Fact]
    public async Task Where_filters_overlap_only_sessions_that_have_both_get_a_route_of_the_topic()
    {
        foreach (var filter in (string[])["#", "t"]) Load(filter, 0);
        await ApplyAsync("#", 0, Sessions("#", "both", "other"));
        await ApplyAsync("t", PartitionOf("t") == PartitionOf("#") ? 1 : 0, Sessions("t", "both"));
        var (alone, overlap) = (Match("u").Sessions, Match("t").Sessions);

        Assert.Equal(["both", "other"], overlap.Select(s => s.ClientId).Order());
        Assert.Same(alone.Single(s => s.ClientId == "other"), overlap.Single(s => s.ClientId == "other"));
        Assert.NotSame(alone.Single(s => s.ClientId == "both"), overlap.Single(s => s.ClientId == "both"));
    }

    [Fact]
    public void Loading_replaces_one_partition_and_leaves_the_others()
    {
        var other = Enumerable.Range(0, 100).Select(i => $"t{i}").First(t => PartitionOf(t) != PartitionOf("t"));
        Load("t", 1, Gateway("t", "old"));
        Load(other, 1, Gateway(other, "other"));
        Load("t", 9, Gateway("t", "new"));

        Assert.Equal(["new"], Match("t").Gateways);
        Assert.Equal(["other"], Match(other).Gateways);
    }

    [Fact]
    public async Task A_group_goes_with_its_last_member()
    {
        Load("t", 0);
        var key = new SharedGroupKey("g", "t", false);
        await ApplyAsync("t", 0, Samples.Member("a", "t", "gw"), Samples.Member("b", "t", null));
        Assert.Equal(["a", "b"], _replica.FindGroup(key)!.Members.Select(m => m.ClientId));
        await ApplyAsync("t", 1, Samples.Member("a", "t", null, removed: true));
        Assert.Single(Match("t").Groups);
        await ApplyAsync("t", 2, Samples.Member("b", "t", null, removed: true));

        Assert.Null(_replica.FindGroup(key));
        Assert.Empty(Match("t").Groups);
    }

    private static RouteChange Gateway(string filter, string name, bool removed = false) => RouteChanges.OfGateway(name, filter, removed);

    private static ImmutableArray<RouteChange> Sessions(string filter, params string[] clients) =>
        [.. clients.Select(c => RouteChanges.OfSession(c, filter, Samples.Options(), removed: false))];

    private int PartitionOf(string filter) => _partitions.Of(filter);

    private RouteSet Match(string topic) => _replica.Match(Encoding.UTF8.GetBytes(topic));

    private void Load(string filter, long version, params RouteChange[] routes) => 
        Assert.True(_replica.LoadAsync(PartitionOf(filter), new RouteSnapshot(version, [.. routes], default)).IsCompletedSuccessfully);

    private async Task ApplyAsync(string filter, long from, params ImmutableArray<RouteChange> changes) =>
        Assert.True(await _replica.ApplyAsync(PartitionOf(filter), from, from + 1, changes));
}
