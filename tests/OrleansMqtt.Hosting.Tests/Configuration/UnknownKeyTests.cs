namespace OrleansMqtt.Hosting.Tests.Configuration;

public sealed class UnknownKeyTests
{
    [Theory]
    [InlineData("Limits:RecieveMaximum", "Limits:ReceiveMaximum")]
    [InlineData("limits:receivemaximun", "Limits:ReceiveMaximum")]
    [InlineData("Limit:ReceiveMaximum", "Limits:ReceiveMaximum")]
    [InlineData("ReceiveMaximum", "Limits:ReceiveMaximum")]
    [InlineData("Listener:default:Bind", "Listeners:default:Bind")]
    [InlineData("Listeners:field:Bound", "Listeners:field:Bind")]
    [InlineData("Listeners:field", "Listeners:field:Bind")]
    [InlineData("Store", "Store:Path")]
    [InlineData("Store:Path:Name", "Store:Path")]
    [InlineData("Sys:Interval", "Sys:IntervalSeconds")]
    public void An_unknown_key_is_refused_and_the_nearest_named(string key, string nearest) =>
        Assert.Equal($"{key} is not a known key; the nearest one is {nearest}.", Reading.Of($"--{key}=1").Problem);

    [Fact]
    public void A_key_is_known_in_upper_and_lower_case() => Assert.Equal(5, Reading.Of("--LIMITS:receivemaximum=5").Accepted().Gateway.Limits.ReceiveMaximum);

    [Fact]
    public void A_section_without_content_is_no_unknown_key() => Assert.Null(Reading.OfFile("""{ "Limits": {}, "Store": null, "Listeners": { "a": {} } }""").Problem);

    [Fact]
    public void An_unknown_section_is_refused_even_without_content() =>
        Assert.Equal("Limmits is not a known key; the nearest one is Limits:MaxQoS.", Reading.OfFile("""{ "Limmits": {} }""").Problem);
}
