using OrleansMqtt.Routes;

namespace OrleansMqtt.Handlers.Tests.Routes;

public class SubscribePatternTests
{
    [Theory]
    [InlineData("sensors/kitchen", "sensors/kitchen", "")]
    [InlineData("sensors/+", "sensors/kitchen", "")]
    [InlineData("sensors/+", "sensors/+", "")]
    [InlineData("sensors/+", "sensors/", "")]
    [InlineData("sensors/#", "sensors", "")]
    [InlineData("sensors/#", "sensors/#", "")]
    [InlineData("sensors/#", "sensors/+/temp/#", "")]
    [InlineData("#", "a/+", "")]
    [InlineData("sensors/{room}/temp", "sensors/kitchen/temp", "kitchen")]
    [InlineData("{a}/{b}", "x/y", "x|y")]
    [InlineData("logs/{*rest}", "logs/a/b", "a/b")]
    [InlineData("logs/{*rest}", "logs", "")]
    [InlineData("{site}/{*rest}", "north/a/b", "north|a/b")]
    [InlineData("$share/+/jobs", "$share/g/jobs", "")]
    [InlineData("$share/{group}/jobs", "$share/g/jobs", "g")]
    public void Covers_the_same_filter_and_narrower_ones(string pattern, string filter, string values) =>
        Assert.Equal(values, string.Join('|', Parse(pattern).Match(filter)!));

    [Theory]
    [InlineData("sensors/kitchen", "sensors/+")]
    [InlineData("sensors/kitchen", "sensors/Kitchen")]
    [InlineData("sensors/+", "sensors/#")]
    [InlineData("sensors/+", "sensors")]
    [InlineData("sensors/+", "sensors/a/b")]
    [InlineData("sensors/+/temp", "sensors/#")]
    [InlineData("sensors/{room}", "sensors/+")]
    [InlineData("sensors/{room}", "sensors/#")]
    [InlineData("logs/{*rest}", "logs/+/b")]
    [InlineData("logs/{*rest}", "logs/#")]
    [InlineData("logs/{*rest}", "#")]
    [InlineData("+", "#")]
    [InlineData("#", "$SYS/broker")]
    [InlineData("{first}/broker", "$SYS/broker")]
    public void Does_not_cover_wider_or_other_ones(string pattern, string filter) => Assert.Null(Parse(pattern).Match(filter));

    [Theory]
    [InlineData("", "it is empty")]
    [InlineData("a/#/b", "\"#\" has to be the last level")]
    [InlineData("{*rest}/b", "\"{*rest}\" has to be the last level")]
    [InlineData("a+/b", "\"a+\" is no level of a topic filter")]
    [InlineData("{a}/{a}", "{a} occurs twice")]
    [InlineData("x{a}", "\"x{a}\" is no level")]
    public void What_is_malformed_is_refused_with_a_reason(string pattern, string reason)
    {
        Assert.Null(SubscribePattern.Parse(pattern, out var problem));
        Assert.StartsWith(reason, problem, StringComparison.Ordinal);
    }

    private static SubscribePattern Parse(string text) => SubscribePattern.Parse(text, out var problem) ?? throw new ArgumentException(problem);
}
