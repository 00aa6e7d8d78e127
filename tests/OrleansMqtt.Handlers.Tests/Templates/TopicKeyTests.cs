using System.Text;
using OrleansMqtt.Grains.Handlers;

namespace OrleansMqtt.Handlers.Tests.Templates;

public class TopicKeyTests
{
    [Theory]
    [InlineData("devices/{id}/telemetry", null, "devices/7/telemetry", "7")]
    [InlineData("{site}/{id}", null, "north/7", "north/7")]
    [InlineData("{site}/{id}", "{id}/{site}", "north/7", "7/north")]
    [InlineData("{site}/{id}", "{id}", "north/7", "7")]
    [InlineData("a/{*rest}", null, "a/b/c", "b%2Fc")]
    [InlineData("a/{id}", null, "a/", "%")]
    [InlineData("a/{id}", null, "a/%", "%25")]
    [InlineData("a/{id}", null, "a/ ", "%20")]
    [InlineData("a/{id}", null, "a/\u00a0\u0085", "%C2%A0%C2%85")]
    [InlineData("a/{id}", null, "a/😀", "😀")]
    [InlineData("alarms/fire", null, "alarms/fire", "alarms/fire")]
    public void Is_made_of_what_names_stand_for(string text, string? key, string topic, string expected)
    {
        var template = TopicTemplate.Parse(text, out _)!;
        var bytes = Encoding.UTF8.GetBytes(topic);
        var values = new Range[template.Names.Length];
        Assert.True(template.TryMatch(bytes, values));
        Assert.Equal(expected, KeyTemplate.Parse(key, template, out _)!.Of(bytes, values));
    }

    [Theory]
    [InlineData("{other}")]
    [InlineData("id")]
    [InlineData("{id}-{id}")]
    [InlineData("")]
    public void One_that_names_nothing_of_the_template_is_refused(string key)
    {
        Assert.Null(KeyTemplate.Parse(key, TopicTemplate.Parse("{site}/{id}", out _)!, out var problem));
        Assert.NotEmpty(problem);
    }

    [Fact]
    public void Different_values_make_different_keys_and_none_is_blank()
    {
        string[] levels = ["", "a", "b", "ab", "%", "%2F", " ", "%20", "/", "a/b", "\u2003", "%25"];
        var keys = (from one in levels from other in levels select TopicKey.Of(one, other)).Concat(levels.Select(level => TopicKey.Of(level))).ToList();
        Assert.DoesNotContain(keys, string.IsNullOrWhiteSpace);
        Assert.Equal(levels.Length * levels.Length, keys.Take(levels.Length * levels.Length).Distinct().Count());
        Assert.Equal(levels.Length, keys.TakeLast(levels.Length).Distinct().Count());
    }
}
