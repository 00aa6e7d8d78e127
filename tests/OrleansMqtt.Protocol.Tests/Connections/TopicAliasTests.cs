using System.Text;
using OrleansMqtt.Protocol.Connections;
using OrleansMqtt.Protocol.Tests.Packets;
using Xunit;

namespace OrleansMqtt.Protocol.Tests.Connections;

public sealed class TopicAliasTests(ITestOutputHelper output)
{
    [Fact]
    public void An_inbound_alias_outside_its_range_is_not_set()
    {
        var aliases = new InboundTopicAliases(3);

        Assert.False(aliases.TrySet(0, "t"u8));
        Assert.False(aliases.TrySet(4, "t"u8));
        Assert.True(aliases.TrySet(3, "t"u8));
        Assert.True(aliases.TryGet(3, out var topic));
        Assert.Equal("t", Encoding.UTF8.GetString(topic));
        foreach (var alias in (ushort[])[0, 1, 2, 4, 65_535]) Assert.False(aliases.TryGet(alias, out _));
    }

    [Fact]
    public void The_highest_alias_there_is_can_be_used()
    {
        var aliases = new InboundTopicAliases(65_535);

        Assert.True(aliases.TrySet(65_535, "t"u8));
        Assert.True(aliases.TryGet(65_535, out _));
    }

    [Fact]
    public void An_inbound_alias_may_be_set_anew_and_keeps_a_copy()
    {
        var aliases = new InboundTopicAliases(1);
        var bytes = "first"u8.ToArray();
        aliases.TrySet(1, bytes);
        bytes[0] = (byte)'x';
        aliases.TryGet(1, out var topic);
        Assert.Equal("first", Encoding.UTF8.GetString(topic));
        aliases.TrySet(1, "second"u8);
        aliases.TryGet(1, out topic);

        Assert.Equal("second", Encoding.UTF8.GetString(topic));
    }

    [Theory]
    [InlineData(0, 10)]
    [InlineData(10, 0)]
    public void Without_room_for_aliases_none_is_given(ushort peer, ushort own)
    {
        Assert.Equal(0, new OutboundTopicAliases(peer, own).Assign("topic"u8, out var known));
        Assert.False(known);
    }

    [Fact]
    public void A_topic_too_short_to_gain_gets_none() => Assert.Equal(0, new OutboundTopicAliases(10, 10).Assign("abc"u8, out _));

    [Theory]
    [InlineData(1, 100)]
    [InlineData(5, 3)]
    [InlineData(16, 16)]
    [InlineData(65_535, 1000)]
    public void A_peer_that_follows_the_aliases_always_finds_the_topic(int peer, int own)
    {
        var random = new Random(TestSeed.Take(output));
        var aliases = new OutboundTopicAliases((ushort)peer, (ushort)own);
        var known = new Dictionary<ushort, string>();
        for (var i = 0; i < 20_000; i++)
        {
            var topic = $"topic/{random.Next(40)}";

            var alias = aliases.Assign(Encoding.UTF8.GetBytes(topic), out var isKnown);

            Assert.InRange(alias, 1, Math.Min(peer, own));
            if (isKnown) Assert.Equal(topic, known[alias]);
            else known[alias] = topic;
        }
    }

    [Fact]
    public void The_oldest_assignment_gives_way()
    {
        var aliases = new OutboundTopicAliases(2, 2);
        foreach (var (topic, expected, expectedKnown) in (List<(string, int, bool)>)
            [("topic/a", 1, false), ("topic/b", 2, false), ("topic/a", 1, true), ("topic/c", 1, false), ("topic/b", 2, true), ("topic/a", 2, false)])
        {
            Assert.Equal(expected, aliases.Assign(Encoding.UTF8.GetBytes(topic), out var known));
            Assert.Equal(expectedKnown, known);
        }
    }
}
