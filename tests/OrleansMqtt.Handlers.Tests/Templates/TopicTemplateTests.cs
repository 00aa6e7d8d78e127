using System.Text;
using OrleansMqtt.Grains.Handlers;
using OrleansMqtt.Protocol.Topics;

namespace OrleansMqtt.Handlers.Tests.Templates;

public class TopicTemplateTests
{
    [Theory]
    [InlineData("devices/{id}/telemetry", "devices/+/telemetry", "id")]
    [InlineData("{site}/{id}/{*rest}", "+/+/#", "site,id,rest")]
    [InlineData("{*all}", "#", "all")]
    [InlineData("$ops/{id}", "$ops/+", "id")]
    [InlineData("alarms", "alarms", "")]
    [InlineData("/{a}/", "/+/", "a")]
    public void Is_compiled_to_a_filter(string text, string filter, string names)
    {
        var template = TopicTemplate.Parse(text, out var problem);
        Assert.Equal(("", filter), (problem, template!.Filter));
        Assert.Equal(names, string.Join(',', template.Names));
    }

    [Theory]
    [InlineData("devices/{id")]
    [InlineData("devices/id}")]
    [InlineData("devices/dev-{id}")]
    [InlineData("devices/{id}{x}")]
    [InlineData("devices/{}")]
    [InlineData("devices/{*}")]
    [InlineData("devices/{a b}")]
    [InlineData("{id}/{id}")]
    [InlineData("{*rest}/x")]
    [InlineData("a/+/b")]
    [InlineData("a/#")]
    [InlineData("a\0b")]
    [InlineData("")]
    public void What_is_malformed_is_refused_with_a_reason(string text)
    {
        Assert.Null(TopicTemplate.Parse(text, out var problem));
        Assert.NotEmpty(problem);
    }

    [Theory]
    [InlineData("devices/{id}/telemetry", "devices/7/telemetry", "7")]
    [InlineData("devices/{id}/telemetry", "devices//telemetry", "")]
    [InlineData("devices/{id}/telemetry", "devices/7", null)]
    [InlineData("devices/{id}/telemetry", "devices/7/telemetry/x", null)]
    [InlineData("devices/{id}/telemetry", "devices/7/Telemetry", null)]
    [InlineData("a/{*rest}", "a", "")]
    [InlineData("a/{*rest}", "a/", "")]
    [InlineData("a/{*rest}", "a/b/c", "b/c")]
    [InlineData("a/{*rest}", "ab", null)]
    [InlineData("{x}", "$SYS", null)]
    [InlineData("{*x}", "$SYS/broker", null)]
    [InlineData("$SYS/{*x}", "$SYS/broker/load", "broker/load")]
    [InlineData("{x}/b/{y}", "ä/b/c", "ä|c")]
    [InlineData("a", "a", "-")]
    public void Finds_what_names_stand_for_where_the_filter_matches(string text, string topic, string? expected)
    {
        var template = TopicTemplate.Parse(text, out _)!;
        var bytes = Encoding.UTF8.GetBytes(topic);
        var values = new Range[template.Names.Length];
        Assert.Equal(expected is not null, template.TryMatch(bytes, values));
        Assert.Equal(expected is not null, TopicFilter.Matches(Encoding.UTF8.GetBytes(template.Filter), bytes));
        if (expected is null) return;
        var found = values.Select(value => Encoding.UTF8.GetString(bytes[value])).ToList();
        Assert.Equal(expected, found.Count == 0 ? "-" : string.Join('|', found));
    }

    [Fact]
    public void Matches_the_same_topics_as_its_filter()
    {
        var seed = Environment.TickCount;
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
#pragma warning disable CA5394 // It is to be repeatable.
        var random = new Random(seed);
        string[] levels = ["a", "b", "", "$x", "ä"], parts = ["a", "b", "", "$x", "{n}"];
        for (var i = 0; i < 20_000; i++)
        {
            var text = string.Join('/', Enumerable.Range(0, random.Next(1, 5)).Select(level => parts[random.Next(parts.Length)].Replace("n", $"n{level}", StringComparison.Ordinal)));
            if (random.Next(3) == 0) text += "/{*rest}";
            var topic = Encoding.UTF8.GetBytes(string.Join('/', Enumerable.Range(0, random.Next(1, 6)).Select(_ => levels[random.Next(levels.Length)])));
            if (topic.Length == 0 || TopicTemplate.Parse(text, out _) is not { } template) continue;
            Assert.Equal(TopicFilter.Matches(Encoding.UTF8.GetBytes(template.Filter), topic), template.TryMatch(topic, new Range[template.Names.Length]));
        }
#pragma warning restore CA5394
    }

    [Theory]
    [InlineData("a/{x}", "a/b", true)]
    [InlineData("a/{x}", "{x}/b", true)]
    [InlineData("a/{x}", "b/{x}", false)]
    [InlineData("a/{x}", "a/{x}/c", false)]
    [InlineData("a/{x}", "a", false)]
    [InlineData("a", "a/{*rest}", true)]
    [InlineData("a/b/c", "a/{*rest}", true)]
    [InlineData("b", "a/{*rest}", false)]
    [InlineData("a/{*rest}", "{x}/{y}/c", true)]
    [InlineData("{*all}", "{*rest}", true)]
    [InlineData("{x}/b", "{*rest}", true)]
    [InlineData("$a/b", "{*all}", false)]
    [InlineData("$a/b", "{x}/b", false)]
    [InlineData("$a/b", "$a/{x}", true)]
    [InlineData("a//b", "a/{x}/b", true)]
    [InlineData("a/", "a", false)]
    public void Overlaps_where_a_topic_matches_both(string one, string other, bool overlaps)
    {
        var (first, second) = (TopicTemplate.Parse(one, out _)!, TopicTemplate.Parse(other, out _)!);
        Assert.Equal((overlaps, overlaps), (first.Overlaps(second), second.Overlaps(first)));
    }
}
