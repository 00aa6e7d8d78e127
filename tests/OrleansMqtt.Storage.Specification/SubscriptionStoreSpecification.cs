using OrleansMqtt.Messages;
using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Protocol.Topics;
using OrleansMqtt.Routing;
using static OrleansMqtt.Storage.Specification.Samples;

namespace OrleansMqtt.Storage.Specification;

/// <summary>What <see cref="ISubscriptionStore"/> says.</summary>
public abstract class SubscriptionStoreSpecification : StoreSpecification
{
    private ISubscriptionStore Subscriptions => Store.Subscriptions;

    [Fact]
    public async Task A_new_partition_is_empty() => Assert.Empty(await Subscriptions.LoadAsync(0));

    [Fact]
    public async Task Routes_come_back_as_they_were_set()
    {
        RouteChange[] routes =
        [
            Route("a/+", "c"),
            new() { Kind = RouteKind.SharedMember, Filter = "ä/#", Receiver = "d", Group = new SharedGroupKey("g", "ä/#", true), Gateway = "gw", Persistent = true, Options = new SubscriptionOptions(QualityOfService.ExactlyOnce, false, true, RetainHandling.DoNotSend, 268_435_455) },
            new() { Kind = RouteKind.SharedMember, Filter = "ä/#", Receiver = "", Group = new SharedGroupKey("g", "ä/#", false), Gateway = null, Options = default },
        ];
        await Subscriptions.ApplyAsync(1, 0, [.. routes]);
        await Store.ReopenAsync();
        Assert.Equal(routes.ToHashSet(), (await Subscriptions.LoadAsync(1)).ToHashSet());
        Assert.Equal(3, (await Subscriptions.LoadAsync(1)).Length);
    }

    [Fact]
    public async Task A_later_change_of_a_route_replaces_the_earlier()
    {
        await Subscriptions.ApplyAsync(0, 0, [Route("a", "c", QualityOfService.AtLeastOnce), Route("a", "c", QualityOfService.ExactlyOnce)]);
        Assert.Equal([Route("a", "c", QualityOfService.ExactlyOnce)], await Subscriptions.LoadAsync(0));
        await Subscriptions.ApplyAsync(0, 0, [Route("a", "c", QualityOfService.AtMostOnce)]);
        Assert.Equal([Route("a", "c", QualityOfService.AtMostOnce)], await Subscriptions.LoadAsync(0));
    }

    [Fact]
    public async Task A_removed_route_is_gone_and_one_that_is_not_there_is_no_error()
    {
        await Subscriptions.ApplyAsync(0, 0, [Route("a", "c"), Route("b", "c")]);
        await Subscriptions.ApplyAsync(0, 0, [Route("a", "c", removed: true), Route("x", "c", removed: true)]);
        await Store.ReopenAsync();
        Assert.Equal([Route("b", "c")], await Subscriptions.LoadAsync(0));
    }

    [Fact]
    public async Task Changes_apply_in_order()
    {
        await Subscriptions.ApplyAsync(0, 0, [Route("a", "c"), Route("a", "c", removed: true), Route("b", "c", removed: true), Route("b", "c")]);
        Assert.Equal([Route("b", "c")], await Subscriptions.LoadAsync(0));
    }

    [Fact]
    public async Task Routes_are_told_apart_by_kind_filter_receiver_group_and_partition()
    {
        var options = default(SubscriptionOptions);
        RouteChange[] routes =
        [
            Route("a", "c"), Route("A", "c"), Route("a", "C"), Route("ac", ""), Route("", "ac"),
            RouteChanges.OfMember("c", new SharedFilter("$share", "g", "a", false), options, "gw", true, false),
            RouteChanges.OfMember("c", new SharedFilter("$share", "h", "a", false), options, "gw", true, false),
            RouteChanges.OfMember("c", new SharedFilter("$share", "g", "a", true), options, "gw", true, false),
        ];
        await Subscriptions.ApplyAsync(0, 0, [.. routes]);
        await Subscriptions.ApplyAsync(1, 0, [.. routes]);
        await Subscriptions.ApplyAsync(0, 0, [.. routes[1..].Select(static r => r with { Removed = true })]);
        Assert.Equal([routes[0]], await Subscriptions.LoadAsync(0));
        Assert.Equal(routes.Length, (await Subscriptions.LoadAsync(1)).Length);
    }

    [Fact]
    public async Task A_member_that_moves_stays_one_route()
    {
        var member = RouteChanges.OfMember("c", new SharedFilter("$share", "g", "a", false), default, "one", true, false);
        await Subscriptions.ApplyAsync(0, 0, [member]);
        await Subscriptions.ApplyAsync(0, 0, [member with { Gateway = null }]);
        Assert.Equal([member with { Gateway = null }], await Subscriptions.LoadAsync(0));
    }

    [Fact]
    public async Task Partitions_are_written_at_the_same_time()
    {
        await Task.WhenAll(Enumerable.Range(0, 32).Select(partition => Task.Run(async () =>
        {
            for (var i = 0; i < 20; i++) await Subscriptions.ApplyAsync(partition, 0, [Route($"f{i}", "c"), Route($"f{i - 1}", "c", removed: true)]);
        })));
        await Store.ReopenAsync();
        for (var partition = 0; partition < 32; partition++) Assert.Equal([Route("f19", "c")], await Subscriptions.LoadAsync(partition));
    }
}
