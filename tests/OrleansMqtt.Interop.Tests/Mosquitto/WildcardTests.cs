using OrleansMqtt.Interop.Tests.Brokers;

namespace OrleansMqtt.Interop.Tests.Mosquitto;

[Collection(MosquittoCollection.Name)]
public sealed class WildcardTests(BrokerFixture broker)
{
    private const string End = "end";

    private readonly MosquittoClients _mosquitto = new(broker);
    private readonly Names _names = new();

    /// <summary>Filter, topic, and whether they match; <c>~</c> stands for the test's own prefix.</summary>
    public static readonly TheoryData<string, string, bool> Cases = new()
    {
        { "~/#", "~", true },
        { "~/#", "~/a/b/c", true },
        { "~/a/#", "~/b", false },
        { "~/+", "~/a", true },
        { "~/+", "~/a/b", false },
        { "~/+", "~/", true },
        { "~/+/c", "~/a/c", true },
        { "~/+/c", "~/a/b/c", false },
        { "~/+/+/#", "~/a", false },
        { "~/+/+/#", "~/a/b", true },
        { "+/~", "$not/~", false },
        { "$not/~", "$not/~", true },
        { "$not/+/#", "$not/~", true },
        { "/~/#", "/~/a", true },
        { "~/#", "/~/a", false },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task A_filter_matches_by_the_rules_of_levels(string filter, string topic, bool matches)
    {
        var end = _names.Topic("the/end/of/this/test");
        await using var subscriber = await _mosquitto.SubscribeAsync(Versions.V311, "%p", "-t", Own(filter), "-t", end, "-q", "1");
        await _mosquitto.PublishAsync(Versions.V311, Own(topic), "-q", "1", "-m", topic);
        await _mosquitto.PublishAsync(Versions.V311, end, "-q", "1", "-m", End);
        await subscriber.MessageAsync(End);

        Assert.Equal(matches ? 1 : 0, subscriber.Messages.Count(message => message == topic));
    }

    private string Own(string name) => name.Replace("~", _names.Prefix, StringComparison.Ordinal);
}
