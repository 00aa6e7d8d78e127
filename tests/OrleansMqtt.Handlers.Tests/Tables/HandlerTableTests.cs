using OrleansMqtt.Grains.Handlers;
using static OrleansMqtt.Handlers.Tests.Support.HandlerTables;

namespace OrleansMqtt.Handlers.Tests.Tables;

public class HandlerTableTests
{
    [Fact]
    public void A_topic_leads_to_the_grains_of_all_handlers_that_it_matches()
    {
        var table = Of(typeof(PlainHandler), typeof(TwoKeysHandler), typeof(MethodsHandler));
        Assert.Equal(["PlainHandler"], table.Match("a/7"u8).Select(static route => route.Handler.Name));
        Assert.Equal(
            ["BySite north", "TwoKeysHandler 7"], table.Match("a/north/7"u8).Select(static route => $"{route.Handler.Name} {route.Grain.Key}").Order(StringComparer.Ordinal));
        Assert.Equal(["MethodsHandler.Two"], table.Match("m/7/two"u8).Select(static route => route.Handler.Name));
        Assert.Empty(table.Match("b/7"u8));
        Assert.Equal(GrainId.Create("PlainHandler", "7"), table.Match("a/7"u8)[0].Grain);
    }

    [Theory]
    [InlineData(typeof(UnknownKeyHandler), "its Key \"{it}\" is malformed: the template has no {it}")]
    [InlineData(typeof(NoMethodHandler), "its class has no public method On")]
    [InlineData(typeof(TwoMethodsHandler), "its class has more than one public method On")]
    [InlineData(typeof(VoidHandler), "On has to be a public method that returns Task or ValueTask")]
    [InlineData(typeof(StreamHandler), "payloads of type System.IO.Stream are not supported")]
    [InlineData(typeof(SpanHandler), "are not supported")]
    [InlineData(typeof(WrongCodecHandler), "is no class that implements IPayloadCodec of System.Int32")]
    [InlineData(typeof(SameWordsHandler), "TrueWords and FalseWords have to be two lists of different words")]
    [InlineData(typeof(NoGrainHandler), "does not implement ITopicHandlerGrain")]
    [InlineData(typeof(NoAttributeHandler), "neither it nor a method of it has [TopicHandler]")]
    [InlineData(typeof(GenericHandler<>), "is generic")]
    [InlineData(typeof(PrivateMethodHandler), "Handle has to be a public method")]
    public void What_is_wrong_is_refused_with_one_sentence(Type type, string reason)
    {
        var refusal = RefusalOf(type);
        Assert.Contains(reason, refusal, StringComparison.Ordinal);
        Assert.DoesNotContain(Environment.NewLine, refusal, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_mistake_has_its_sentence()
    {
        var sentences = RefusalOf(typeof(ManyMistakesHandler), typeof(NoMethodHandler)).Split(Environment.NewLine);
        Assert.Equal(7, sentences.Length);
        Assert.All(sentences, static sentence => Assert.EndsWith(".", sentence, StringComparison.Ordinal));
    }

    [Fact]
    public void Two_handlers_of_the_same_topics_with_the_same_key_are_refused()
    {
        var refusal = RefusalOf(typeof(PlainHandler), typeof(SameTopicsHandler));
        Assert.Equal("PlainHandler and SameTopicsHandler are handlers of the same topics with the same key: \"a/+\" is to go to one of them.", refusal);
    }

    [Fact]
    public void Two_handlers_of_one_name_are_refused() => Assert.Contains("both have a handler named PlainHandler", RefusalOf(typeof(PlainHandler), typeof(SameNameHandler)), StringComparison.Ordinal);

    [Fact]
    public void Pauses_double_up_to_a_minute()
    {
        var handler = Of(typeof(PlainHandler)).All.Single();
        Assert.Equal([100, 200, 400], Enumerable.Range(1, 3).Select(failures => handler.PauseAfter(failures).TotalMilliseconds));
        Assert.Equal(TimeSpan.FromMinutes(1), handler.PauseAfter(1000));
    }
}
