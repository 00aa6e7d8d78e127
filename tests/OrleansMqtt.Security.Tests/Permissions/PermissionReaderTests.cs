using System.Text.Json;
using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Security.Permissions;

namespace OrleansMqtt.Security.Tests.Permissions;

public sealed class PermissionReaderTests
{
    [Fact]
    public void Lists_of_topics() => Assert.Equal(
        [new(TopicActions.Publish, "a/+"), new(TopicActions.Publish, "b"), new(TopicActions.Subscribe, "#"), new(TopicActions.All, "own/client-1/joe/client-1/joe")],
        Read("""{"pub":["a/+","b"],"sub":["#"],"all":["own/%c/%u/${clientid}/${username}"]}"""));

    [Fact]
    public void A_list_of_rules() => Assert.Equal(
        [
            new(TopicActions.Publish, "a") { Allows = false },
            new(TopicActions.Subscribe, "b"), new(TopicActions.Subscribe, "c/#"),
            new(TopicActions.All, "d") { MaximumQoS = QualityOfService.AtLeastOnce, Retain = false },
            new(TopicActions.Publish, "e") { MaximumQoS = QualityOfService.AtMostOnce },
        ],
        Read("""
            [{"permission":"deny","action":"publish","topic":"a"},
             {"permission":"allow","action":"subscribe","topics":["b","c/#"]},
             {"permission":"allow","action":"all","topic":"d","qos":[1,0],"retain":false},
             {"permission":"allow","action":"publish","topic":"e","qos":0}]
            """));

    [Theory]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("""{"pub":[]}""")]
    public void Nothing_is_allowed_by_nothing(string json) => Assert.Empty(Read(json));

    /// <summary>A client that calls itself so would have everybody's topics, or somebody else's.</summary>
    [Theory]
    [InlineData("+")]
    [InlineData("#")]
    [InlineData("a/b")]
    [InlineData("")]
    [InlineData(null)]
    public void The_place_of_a_name_that_is_no_level_allows_nothing_and_refuses_all(string? name)
    {
        Assert.Equal([new(TopicActions.Publish, "fine")], PermissionReader.Read(Parse("""{"pub":["x/%u","y/${username}","fine"]}"""), "c", name));
        Assert.Equal([new(TopicActions.Publish, "fine")], PermissionReader.Read(Parse("""{"pub":["x/%c","y/${clientid}","fine"]}"""), name ?? "", "u"));
        Assert.Throws<FormatException>(() => PermissionReader.Read(Parse("""[{"permission":"deny","action":"all","topic":"x/%u"}]"""), "c", name));
    }

    [Fact]
    public void A_name_makes_no_topic_of_the_brokers_own() => Assert.Equal(
        [new(TopicActions.Subscribe, "x/$SYS")], PermissionReader.Read(Parse("""{"sub":["%c/#","${clientid}/a","x/%c"]}"""), "$SYS", "u"));

    [Fact]
    public void What_a_name_contains_is_not_a_place_again() => Assert.Equal(
        [new(TopicActions.Publish, "%c/${clientid}")], PermissionReader.Read(Parse("""{"pub":["%u/%c"]}"""), "${clientid}", "%c"));

    [Theory]
    [InlineData("\"a\"")]
    [InlineData("7")]
    [InlineData("""{"publish":["a"]}""")]
    [InlineData("""{"pub":"a"}""")]
    [InlineData("""{"pub":[7]}""")]
    [InlineData("""{"pub":["a/#/b"]}""")]
    [InlineData("""{"pub":["eq a"]}""")]
    [InlineData("""["a"]""")]
    [InlineData("""[{"permission":"allow","action":"publish"}]""")]
    [InlineData("""[{"action":"publish","topic":"a"}]""")]
    [InlineData("""[{"permission":"allow","topic":"a"}]""")]
    [InlineData("""[{"permission":"Allow","action":"publish","topic":"a"}]""")]
    [InlineData("""[{"permission":"allow","action":"write","topic":"a"}]""")]
    [InlineData("""[{"permission":"allow","action":"publish","topic":"a","qos":1}]""")]
    [InlineData("""[{"permission":"allow","action":"publish","topic":"a","qos":[0,2]}]""")]
    [InlineData("""[{"permission":"allow","action":"publish","topic":"a","qos":[0,1,2,3]}]""")]
    [InlineData("""[{"permission":"allow","action":"publish","topic":"a","retain":true}]""")]
    [InlineData("""[{"permission":"allow","action":"publish","topic":"a","ip":"192.0.2.1"}]""")]
    public void What_cannot_be_kept_as_it_stands_is_refused_as_a_whole(string json) => Assert.Throws<FormatException>(() => Read(json));

    private static IReadOnlyList<TopicPermission> Read(string json) => PermissionReader.Read(Parse(json), "client-1", "joe");

    private static JsonElement Parse(string json) => JsonElement.Parse(json);
}
