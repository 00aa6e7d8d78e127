using System.Text.Json.Nodes;
using OrleansMqtt.Samples.DigitalTwin;

namespace OrleansMqtt.Samples.Tests.DigitalTwin;

public class JsonMergeTests
{
    // Of RFC 7396, appendix A, those whose target and patch are objects.
    [Theory]
    [InlineData("""{"a":"b"}""", """{"a":"c"}""", """{"a":"c"}""")]
    [InlineData("""{"a":"b"}""", """{"b":"c"}""", """{"a":"b","b":"c"}""")]
    [InlineData("""{"a":"b"}""", """{"a":null}""", """{}""")]
    [InlineData("""{"a":"b","b":"c"}""", """{"a":null}""", """{"b":"c"}""")]
    [InlineData("""{"a":["b"]}""", """{"a":"c"}""", """{"a":"c"}""")]
    [InlineData("""{"a":"c"}""", """{"a":["b"]}""", """{"a":["b"]}""")]
    [InlineData("""{"a":{"b":"c"}}""", """{"a":{"b":"d","c":null}}""", """{"a":{"b":"d"}}""")]
    [InlineData("""{"a":[{"b":"c"}]}""", """{"a":[1]}""", """{"a":[1]}""")]
    [InlineData("""{}""", """{"a":{"bb":{"ccc":null}}}""", """{"a":{"bb":{}}}""")]
    public void A_patch_is_applied(string target, string patch, string expected)
    {
        var merged = Parse(target);
        JsonMerge.Apply(merged, Parse(patch));
        Assert.Equal(expected, merged.ToJsonString());
    }

    [Theory]
    [InlineData("""{"a":1}""", """{"a":1}""", """{}""")]
    [InlineData("""{"a":1,"b":2}""", """{"a":1}""", """{"b":2}""")]
    [InlineData("""{"a":{"b":1,"c":2}}""", """{"a":{"b":1,"c":3}}""", """{"a":{"c":2}}""")]
    [InlineData("""{"a":{"b":1}}""", """{"a":5}""", """{"a":{"b":1}}""")]
    [InlineData("""{}""", """{"a":5}""", """{}""")]
    public void A_difference_is_found(string one, string other, string expected) => Assert.Equal(expected, JsonMerge.Difference(Parse(one), Parse(other)).ToJsonString());

    private static JsonObject Parse(string json) => JsonNode.Parse(json)!.AsObject();
}
