using OrleansMqtt.Protocol.Topics;
using Xunit;

namespace OrleansMqtt.Protocol.Tests.Topics;

/// <summary>Bounds on the work and the memory of a tree, counted rather than timed.</summary>
public sealed class TopicTreeCostTests
{
    private readonly TopicTree<object> _tree = new();

    [Fact]
    public void Filters_that_do_not_match_cost_nothing()
    {
        for (var i = 0; i < 100_000; i++)
        {
            Add($"w/{i % 100}/{i}/+/s");
        }

        Assert.InRange(ExaminedBy("w/99/99999/x/s", 1), 1, 5);
        Assert.InRange(ExaminedBy("w/99/99999/x/t", 0), 1, 5);
        Assert.InRange(ExaminedBy("v/99", 0), 1, 1);
    }

    [Fact]
    public void A_hundred_thousand_filters_of_wildcards_are_one_way_through_the_tree()
    {
        for (var i = 0; i < 100_000; i++)
        {
            Add($"+/+/+/+/+/+/+/+/+/+/+/+/+/+/+/+/{i}");
        }

        Assert.InRange(ExaminedBy("a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/5", 1), 1, 4);
        Assert.InRange(ExaminedBy("a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/x", 0), 1, 4);
    }

    [Fact]
    public void Wildcards_of_every_depth_cost_one_node_per_level_of_the_topic()
    {
        for (var depth = 1; depth <= 2_000; depth++)
        {
            Add(string.Join('/', Enumerable.Repeat("+", depth)));
        }

        Assert.InRange(ExaminedBy("a/a/a", 1), 1, 4);
        Assert.InRange(ExaminedBy(new string('/', 1_999), 1), 1, 2_001);
        Assert.InRange(ExaminedBy(new string('/', 60_000), 0), 1, 2_001);
    }

    [Fact]
    public void The_worst_set_of_filters_costs_no_more_than_its_nodes()
    {
        // Each level is 'a' or '+': every way through the tree fits until the last level.
        const int Depth = 14;
        for (var pattern = 0; pattern < 1 << Depth; pattern++)
        {
            var levels = Enumerable.Range(0, Depth).Select(bit => (pattern >> bit & 1) == 0 ? "a" : "+");
            Add(string.Join('/', levels) + "/end");
        }

        var examined = ExaminedBy(string.Join('/', Enumerable.Repeat("a", Depth)) + "/other", 0);
        Assert.InRange(_tree.CountNodes(), _tree.Count, 2 * _tree.Count);
        Assert.InRange(examined, 1, _tree.CountNodes() + 1);
    }

    [Fact]
    public void A_match_allocates_nothing()
    {
        for (var i = 0; i < 1_000; i++)
        {
            Add($"w/{i % 10}/{i}/+/s");
        }

        Add("w/#");
        Add("+/+/+/+/s");
        var topic = "w/7/77/x/s"u8.ToArray();
        var results = new List<object>(16);
        _tree.Match(topic, results);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
        {
            results.Clear();
            _tree.Match(topic, results);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(3, results.Count);
    }

    [Fact]
    public void A_filter_of_the_usual_shape_takes_little_memory()
    {
        // Warm-up, so that nothing but the filters is counted below.
        Add("warm/up");
        var filters = Enumerable.Range(0, 200_000).Select(i => TopicSamples.Bytes($"w/{i / 1_000}/{i % 1_000}/+/s")).ToArray();
        var entry = new object();
        Func<object> create = () => entry;
        var before = GC.GetAllocatedBytesForCurrentThread();
        foreach (var filter in filters)
        {
            _tree.GetOrAdd(filter, create);
        }

        // Allocated in all, tables that were outgrown included; what stays is less.
        Assert.InRange((GC.GetAllocatedBytesForCurrentThread() - before) / filters.Length, 1, 140);
    }

    private void Add(string filter) => _tree.GetOrAdd(TopicSamples.Bytes(filter), () => new object());

    private int ExaminedBy(string topic, int expectedResults)
    {
        var results = new List<object>();
        var examined = _tree.MatchAndCount(TopicSamples.Bytes(topic), results);
        Assert.Equal(expectedResults, results.Count);
        return examined;
    }
}
