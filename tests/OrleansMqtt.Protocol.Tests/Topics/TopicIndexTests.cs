using OrleansMqtt.Protocol.Topics;
using OrleansMqtt.Tests;
using Xunit;

namespace OrleansMqtt.Protocol.Tests.Topics;

public sealed class TopicIndexTests
{
    private readonly TopicIndex<string> _index = new();

    [Theory]
    [MemberData(nameof(TopicMatchTable.Matches), MemberType = typeof(TopicMatchTable))]
    public void Topic_is_found_for_filter(string filter, string topic)
    {
        Set(topic);
        Assert.Equal([topic], ScanAll(filter));
    }

    [Theory]
    [MemberData(nameof(TopicMatchTable.Mismatches), MemberType = typeof(TopicMatchTable))]
    [Normative("5.0", "MQTT-4.7.2-1")]
    public void Topic_is_not_found_for_filter(string filter, string topic)
    {
        Set(topic);
        Assert.Empty(ScanAll(filter));
    }

    [Fact]
    public void Values_are_set_replaced_and_removed()
    {
        Assert.Null(_index.Set("a/b"u8, "1"));
        Assert.Equal("1", _index.Set("a/b"u8, "2"));
        Assert.Equal("2", _index.Find("a/b"u8));
        Assert.Null(_index.Find("a"u8));
        Assert.Equal(1, _index.Count);
        Assert.Equal("2", _index.Remove("a/b"u8));
        Assert.Null(_index.Remove("a/b"u8));
        Assert.Equal(0, _index.Count);
        Assert.Empty(ScanAll("#"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a/+")]
    [InlineData("#")]
    public void An_invalid_topic_is_refused(string topic) => Assert.Throws<ArgumentException>(() => Set(topic));

    [Theory]
    [InlineData("")]
    [InlineData("a#")]
    public void An_invalid_filter_is_refused(string filter) => Assert.Throws<ArgumentException>(() => ScanAll(filter));

    [Fact]
    public void Topics_come_in_the_order_of_their_levels()
    {
        string[] ordered = ["/", "/a", "a", "a/", "a/b", "a/b/c", "a!", "a!/b", "ab", "b", "ö"];
        foreach (var topic in ordered.Reverse())
        {
            Set(topic);
        }

        Assert.Equal(ordered, ScanAll("#"));
    }

    [Fact]
    public void A_page_ends_at_its_maximum_and_the_next_goes_on_behind_it()
    {
        foreach (var i in Enumerable.Range(0, 10))
        {
            Set($"a/{i}");
        }

        var results = new List<string>();
        Assert.True(_index.Scan("a/+"u8, default, 4, results, out var last));
        Assert.Equal(["a/0", "a/1", "a/2", "a/3"], results);
        Assert.Equal("a/3"u8.ToArray(), last);
        Assert.False(_index.Scan("a/+"u8, last, 6, results, out _));
        Assert.Equal(10, results.Count);
    }

    [Fact]
    public void The_place_to_go_on_from_may_be_gone()
    {
        Array.ForEach(["a", "b", "c", "d"], Set);
        var results = new List<string>();
        Assert.True(_index.Scan("+"u8, default, 2, results, out var last));
        _index.Remove(last);
        _index.Remove("c"u8);
        Set("bb");
        Set("aa");
        Assert.False(_index.Scan("+"u8, last, 10, results, out _));
        Assert.Equal(["a", "b", "bb", "d"], results);
    }

    [Fact]
    public void The_caller_may_do_with_the_place_what_it_likes()
    {
        Array.ForEach(["a", "b"], Set);
        _index.Scan("#"u8, default, 1, [], out var last);
        last![0] = (byte)'z';
        Assert.Equal(["a", "b"], ScanAll("#"));
    }

    [Fact]
    public void The_deepest_topics_work()
    {
        var deepest = new string('/', 65_535);
        Array.ForEach([deepest, deepest[1..], deepest[2..]], Set);
        Assert.Equal([deepest[2..], deepest[1..], deepest], ScanAll("#"));
        Assert.Equal([deepest[1..]], ScanAll(deepest[1..]));
        Assert.Equal([deepest[1..]], ScanAll(deepest[1..] + "+"));
    }

    [Fact]
    public void A_scan_does_not_pass_through_what_cannot_match()
    {
        for (var i = 0; i < 100; i++)
        {
            for (var j = 0; j < 200; j++)
            {
                Set($"house/{i:d3}/{j:d3}/state");
            }
        }

        Assert.InRange(ExaminedBy("house/042/#", 200), 200, 202);
        Assert.InRange(ExaminedBy("house/+/042/state", 100), 100, 302);
        Assert.InRange(ExaminedBy("house/042/042/state", 1), 1, 3);
        Assert.InRange(ExaminedBy("+/+/+/none", 0), 20_000, 41_000);
        Assert.InRange(ExaminedBy("house/+/none/state", 0), 100, 201);
        Assert.InRange(ExaminedBy("garden/#", 0), 1, 2);
        Assert.InRange(ExaminedBy("house/+", 0), 100, 101);
    }

    [Fact]
    public void A_page_examines_a_bounded_number_of_topics()
    {
        for (var i = 0; i < 10_000; i++)
        {
            Set($"{i:d5}/a");
        }

        Set("99999/b");
        var results = new List<string>();
        var pages = 0;
        byte[]? after = null;
        for (var more = true; more; pages++)
        {
            more = _index.ScanAndCount("+/b"u8, after, 10, results, out after, out var examined);
            Assert.InRange(examined, 1, TopicIndex<string>.ExaminedPerPage(10));
        }

        Assert.Equal(["99999/b"], results);
        Assert.InRange(pages, 10_000 / TopicIndex<string>.ExaminedPerPage(10), 25);
    }

    private void Set(string topic) => _index.Set(TopicSamples.Bytes(topic), topic);

    private List<string> ScanAll(string filter)
    {
        var results = new List<string>();
        byte[]? after = null;
        while (_index.Scan(TopicSamples.Bytes(filter), after, 1_000, results, out after))
        {
        }

        return results;
    }

    private int ExaminedBy(string filter, int expected)
    {
        var results = new List<string>();
        _index.ScanAndCount(TopicSamples.Bytes(filter), default, 100_000, results, out _, out var examined);
        Assert.Equal(expected, results.Count);
        return examined;
    }
}
