using OrleansMqtt.Grains.Routing;
using OrleansMqtt.Grains.Tests.Support;
using OrleansMqtt.Messages;
using OrleansMqtt.Routing;

namespace OrleansMqtt.Grains.Tests.Routing;

public sealed class SharedGroupTests
{
    [Fact]
    public void Members_are_offered_messages_in_turn_and_those_away_last()
    {
        var group = Group(ordered: false, ("a", true), ("b", false), ("c", true));

        Assert.Equal(["acb", "cab", "cab", "acb"], Enumerable.Range(0, 4).Select(_ => Offer(group, "p", "t")));
    }

    [Fact]
    public void Turns_go_round_evenly()
    {
        var group = Group(ordered: false, ("a", true), ("b", true), ("c", true), ("d", true));

        Assert.All(Enumerable.Range(0, 400).Select(_ => Offer(group, "p", "t")[0]).CountBy(m => m), count => Assert.Equal(100, count.Value));
    }

    [Fact]
    public void A_stream_of_an_ordered_group_always_has_the_same_first_member()
    {
        var group = Group(ordered: true, ("a", true), ("b", true), ("c", true));
        foreach (var topic in (string[])["t", "u"])
            foreach (var publisher in (string[])["p", "q"])
                Assert.Single(Enumerable.Range(0, 10).Select(_ => Offer(group, publisher, topic)).Distinct());
    }

    [Fact]
    public void When_a_member_of_an_ordered_group_leaves_only_its_own_streams_move()
    {
        var (before, after) = (Group(ordered: true, ("a", true), ("b", true), ("c", true)), Group(ordered: true, ("a", true), ("b", true)));
        var moved = 0;
        for (var i = 0; i < 1000; i++)
        {
            var (first, then) = (Offer(before, "p", $"t{i}")[0], Offer(after, "p", $"t{i}")[0]);
            if (first == 'c') moved++;
            else Assert.Equal(first, then);
        }

        // About a third; the hash is fixed, so this cannot fail by chance.
        Assert.InRange(moved, 200, 466);
    }

    [Fact]
    public void A_member_set_again_is_replaced()
    {
        var group = Group(ordered: false, ("a", true));
        group.Set(new SharedMember("a", Samples.Options(), null, true));

        Assert.Equal(("a", null), (Assert.Single(group.Members).ClientId, group.Members[0].Gateway));
    }

    [Fact]
    public void A_group_without_members_offers_to_nobody() => Assert.Empty(Offer(Group(ordered: false), "p", "t"));

    private static string Offer(SharedGroup group, string publisher, string topic) =>
        string.Concat(group.Candidates(new PublishView(Samples.Message(topic, "", publisher: publisher))).Select(m => m.ClientId));

    private static SharedGroup Group(bool ordered, params (string Name, bool Connected)[] members)
    {
        var group = new SharedGroup(new SharedGroupKey("g", "t", ordered));
        foreach (var (name, connected) in members.Reverse()) group.Set(new SharedMember(name, Samples.Options(), connected ? "gateway" : null, true));
        return group;
    }
}
