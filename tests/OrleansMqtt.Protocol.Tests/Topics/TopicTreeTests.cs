using OrleansMqtt.Protocol.Topics;
using OrleansMqtt.Tests;
using Xunit;

namespace OrleansMqtt.Protocol.Tests.Topics;

public sealed class TopicTreeTests
{
    private readonly TopicTree<string> _tree = new();

    [Theory]
    [MemberData(nameof(TopicMatchTable.Matches), MemberType = typeof(TopicMatchTable))]
    public void Filter_is_found_for_topic(string filter, string topic)
    {
        Add(filter);
        Assert.Equal([filter], Match(topic));
    }

    [Theory]
    [MemberData(nameof(TopicMatchTable.Mismatches), MemberType = typeof(TopicMatchTable))]
    [Normative("5.0", "MQTT-4.7.2-1")]
    [Normative("5.0", "MQTT-4.7.3-4")]
    public void Filter_is_not_found_for_topic(string filter, string topic)
    {
        Add(filter);
        Assert.Empty(Match(topic));
    }

    [Fact]
    public void An_empty_tree_matches_nothing()
    {
        Assert.Empty(Match("a"));
        Assert.Empty(_tree.Entries);
        Assert.Null(_tree.Find("a"u8));
        Assert.False(_tree.Remove("a"u8));
        Assert.False(_tree.Remove("#"u8));
        Assert.Null(_tree.Find("#"u8));
        Assert.Null(_tree.Find(""u8));
        Assert.False(_tree.Remove(""u8));
    }

    [Fact]
    public void A_filter_gets_its_entry_once()
    {
        var first = _tree.GetOrAdd("a/+"u8, () => "first");
        Assert.Same(first, _tree.GetOrAdd("a/+"u8, () => throw new InvalidOperationException("There is one.")));
        Assert.Equal(1, _tree.Count);
        Assert.Null(_tree.Find("a"u8));
        Assert.Null(_tree.Find("a/#"u8));
        Assert.Same(first, _tree.Find("a/+"u8));
    }

    [Fact]
    public void A_factory_or_a_change_that_throws_leaves_the_tree_as_it_was()
    {
        Add("a/b/c");
        Assert.Throws<NotSupportedException>(() => _tree.GetOrAdd("a/b/d"u8, () => throw new NotSupportedException()));
        Assert.Throws<NotSupportedException>(() => _tree.Update("a/b/d"u8, 0, (_, _) => throw new NotSupportedException()));
        Assert.Equal((1, 1), (_tree.Count, _tree.CountNodes()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a#")]
    [InlineData("#/a")]
    public void An_invalid_filter_is_refused(string filter)
    {
        Assert.Throws<ArgumentException>(() => Add(filter));
        Assert.Throws<ArgumentException>(() => _tree.Update(TopicSamples.Bytes(filter), 0, static (_, _) => null));
    }

    [Fact]
    public void Filters_part_and_join_at_whole_levels()
    {
        Add("a/b/c");
        Assert.Equal(1, _tree.CountNodes());
        Add("a/b/cd");
        Assert.Equal(3, _tree.CountNodes());
        Add("a/b");
        Assert.Equal(3, _tree.CountNodes());
        Assert.True(_tree.Remove("a/b/c"u8));
        Assert.Equal(2, _tree.CountNodes());
        Assert.True(_tree.Remove("a/b"u8));
        Assert.Equal(1, _tree.CountNodes());
        Assert.Equal(["a/b/cd"], Match("a/b/cd"));
        Assert.True(_tree.Remove("a/b/cd"u8));
        Assert.Equal(0, _tree.CountNodes());
    }

    [Fact]
    public void A_filter_with_a_hash_needs_no_node_of_its_own_beside_its_parent()
    {
        Add("a/b");
        Add("a/b/#");
        Add("#");
        Assert.Equal(1, _tree.CountNodes());
        Assert.Equal(["#", "a/b", "a/b/#"], Match("a/b").Order(StringComparer.Ordinal));
        Assert.True(_tree.Remove("a/b"u8));
        Assert.True(_tree.Remove("#"u8));
        Assert.False(_tree.Remove("a/b"u8));
        Assert.Equal(["a/b/#"], Match("a/b"));
    }

    [Fact]
    public void Many_siblings_come_and_go()
    {
        var filters = Enumerable.Range(0, 5_000).Select(i => $"room/{i}/+/state").ToList();
        filters.ForEach(Add);
        Assert.Equal(["room/4711/+/state"], Match("room/4711/x/state"));
        Assert.Equal(5_001, _tree.CountNodes());
        foreach (var filter in filters)
        {
            Assert.Equal([filter], Match(filter.Replace('+', 'x')));
            Assert.True(_tree.Remove(TopicSamples.Bytes(filter)));
            Assert.Empty(Match(filter.Replace('+', 'x')));
        }

        Assert.Equal((0, 0), (_tree.Count, _tree.CountNodes()));
    }

    [Fact]
    public void The_deepest_filters_and_topics_work()
    {
        var slashes = new string('/', 65_535);
        var plus = string.Join('/', Enumerable.Repeat("+", 32_768));
        var shorter = slashes[..40_000];
        string[] filters = [slashes, plus, shorter, shorter + "/#", plus[..20_001] + "/#"];
        Array.ForEach(filters, Add);
        Assert.Equal([slashes, shorter + "/#", plus[..20_001] + "/#"], Match(slashes).OrderByDescending(filter => filter.Length));
        Assert.Equal(filters.Order(), _tree.Entries.Select(entry => entry.Key).Order());
        Assert.All(filters, filter => Assert.True(_tree.Remove(TopicSamples.Bytes(filter))));
        Assert.Equal(0, _tree.CountNodes());
    }

    [Fact]
    public void More_levels_than_wait_on_the_stack_are_all_followed()
    {
        // Each level of the topic is met by '+' and by itself, so that one node per level waits.
        for (var depth = 1; depth <= 200; depth++)
        {
            Add(string.Concat(Enumerable.Repeat("a/", depth)) + "+");
        }

        Add("+" + string.Concat(Enumerable.Repeat("/a", 200)));
        Assert.Equal(2, Match(string.Join('/', Enumerable.Repeat("a", 201))).Count);
    }

    private void Add(string filter) => _tree.GetOrAdd(TopicSamples.Bytes(filter), () => filter);

    private List<string> Match(string topic)
    {
        var results = new List<string>();
        _tree.Match(TopicSamples.Bytes(topic), results);
        return results;
    }
}
