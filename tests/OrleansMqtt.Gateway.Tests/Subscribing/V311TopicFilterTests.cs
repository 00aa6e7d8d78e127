using OrleansMqtt.Gateway.Tests.Harness;
using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Tests;
using static OrleansMqtt.Protocol.Packets.QualityOfService;

namespace OrleansMqtt.Gateway.Tests.Subscribing;

public sealed class V311TopicFilterTests
{
    [Theory]
    [InlineData("a/#/b")]
    [InlineData("a#")]
    [InlineData("#/a")]
    [InlineData("a/##")]
    [Normative("3.1.1", "MQTT-4.7.1-2")]
    public Task A_misplaced_multi_level_wildcard_is_refused(string filter) => AssertRefusedAsync(filter);

    [Theory]
    [InlineData("a+")]
    [InlineData("+a/b")]
    [InlineData("a/b+")]
    [InlineData("a/++/b")]
    [Normative("3.1.1", "MQTT-4.7.1-3")]
    public Task A_single_level_wildcard_that_is_not_a_whole_level_is_refused(string filter) => AssertRefusedAsync(filter);

    [Theory]
    [InlineData("#", "sport", "sport/a", "/")]
    [InlineData("sport/#", "sport", "sport/", "sport/a/b")]
    [InlineData("/#", "/", "/a")]
    [Normative("3.1.1", "MQTT-4.7.1-2")]
    [Normative("3.1.1", "MQTT-3.3.2-3")]
    public Task A_multi_level_wildcard_matches_its_parent_and_everything_below(string filter, params string[] matching) =>
        AssertMatchesAsync(filter, matching, ["$sport", "$SYS2/a"]);

    [Theory]
    [InlineData("+", new[] { "a", "ü" }, new[] { "a/", "/a", "a/b" })]
    [InlineData("a/+", new[] { "a/", "a/b" }, new[] { "a", "a/b/c", "b/a" })]
    [InlineData("a/+/b", new[] { "a/x/b", "a//b" }, new[] { "a/b", "a/x/y/b", "a/x/B" })]
    [InlineData("/+", new[] { "/", "/a" }, new[] { "a", "//", "/a/" })]
    [InlineData("+/+", new[] { "/", "a/b" }, new[] { "a", "$a/b" })]
    [Normative("3.1.1", "MQTT-4.7.1-3")]
    [Normative("3.1.1", "MQTT-3.3.2-3")]
    public Task A_single_level_wildcard_matches_one_level(string filter, string[] matching, string[] others) => AssertMatchesAsync(filter, matching, others);

    [Theory]
    [InlineData("#")]
    [InlineData("+/x")]
    [InlineData("+/#")]
    [Normative("3.1.1", "MQTT-4.7.2-1")]
    public async Task A_wildcard_at_the_start_does_not_match_a_topic_that_begins_with_a_dollar_sign(string filter)
    {
        await using var broker = await TestBroker.StartAsync();
        var publisher = await broker.ConnectV311Async("publisher");
        var (named, subscriber) = (await broker.ConnectV311Async("named"), await broker.ConnectV311Async("subscriber"));
        await named.SubscribeAsync("$a/#");
        await subscriber.SubscribeAsync(filter);

        await publisher.PublishAsync("$a/x", "hidden", AtLeastOnce, retain: true);

        await named.ExpectPublishAsync("$a/x", "hidden");
        await subscriber.ExpectNothingAsync();
        await broker.ExpectNoRetainedAsync(filter);
    }

    [Theory]
    [InlineData("\u00C5", "A\u030A")]
    [InlineData("A/b", "a/b")]
    [InlineData("a/b", "a//b")]
    [InlineData("a/b", "a/b/")]
    [InlineData("a", "/a")]
    [InlineData("\uFEFFa", "a")]
    [InlineData("a b", "a  b")]
    [InlineData("\u212A", "K")]
    [Normative("3.1.1", "MQTT-4.7.3-4")]
    [Normative("3.1.1", "MQTT-3.3.2-3")]
    public async Task Topics_are_compared_as_they_stand(string topic, string other)
    {
        await AssertMatchesAsync(topic, [topic], [other]);
        await AssertMatchesAsync(other, [other], [topic]);
    }

    // A filter is matched three times: by the route of a connected client, by that of a session, and against retained messages.
    private static async Task AssertMatchesAsync(string filter, string[] matching, string[] others)
    {
        await using var broker = await TestBroker.StartAsync();
        var publisher = await broker.ConnectV311Async("publisher");
        var subscribers = new[] { await broker.ConnectV311Async("clean"), await broker.ResumeV311Async("persistent") };
        foreach (var subscriber in subscribers) await subscriber.SubscribeAsync(filter, AtLeastOnce);

        foreach (var topic in (string[])[.. others, .. matching]) await publisher.PublishAsync(topic, "x", AtLeastOnce, retain: true);

        foreach (var subscriber in subscribers)
        {
            foreach (var topic in matching) await subscriber.ExpectPublishAsync(topic, "x");
            await subscriber.ExpectNothingAsync();
        }
        var later = await broker.ConnectV311Async("later");
        await later.SubscribeAsync(filter);
        var retained = new List<string>();
        while (retained.Count < matching.Length) retained.Add((await later.ReceivePublishAsync()).Topic);
        Assert.Equal(matching.Order(StringComparer.Ordinal), retained.Order(StringComparer.Ordinal));
    }

    private static async Task AssertRefusedAsync(string filter)
    {
        await using var broker = await TestBroker.StartAsync();
        var client = await broker.ConnectV311Async("client");
        Assert.Equal([ReasonCode.UnspecifiedError], await client.SubscribeAsync(filter));
    }
}
