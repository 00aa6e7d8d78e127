using static OrleansMqtt.Handlers.Tests.Support.HandlerTables;

namespace OrleansMqtt.Handlers.Tests.Filters;

/// <summary>Which filters a silo takes, and what a topic leads to.</summary>
public class FilterTableTests
{
    [Fact]
    public void A_topic_has_its_filters_in_the_order_of_number_and_name_and_its_handlers_apart()
    {
        var table = Of(typeof(LateFilter), typeof(NarrowFilter), typeof(EarlyFilter), typeof(BehindHandler), typeof(BroadFilter));
        Assert.Equal(["EarlyFilter", "BroadFilter", "NarrowFilter", "LateFilter"], table.MatchFilters("f/7"u8).Select(static route => route.Handler.Name));
        Assert.Equal(["BehindHandler"], table.Match("f/7"u8).Select(static route => route.Handler.Name));
        Assert.Equal(["BroadFilter"], table.MatchFilters("g"u8).Select(static route => route.Handler.Name));
        // [MQTT-4.7.2-1]
        Assert.Empty(table.MatchFilters("$SYS/x"u8));
        Assert.Equal((true, false), (table.HaveFilters, Of(typeof(BehindHandler)).HaveFilters));
    }

    [Theory]
    [InlineData(typeof(UndecidedFilter), "The handler UndecidedFilter is refused: On has to return Task<FilterDecision> or ValueTask<FilterDecision>, as it is a filter.")]
    [InlineData(typeof(UnmarkedFilter), "The handler UnmarkedFilter is refused: On returns a FilterDecision, which is for filters: set Filter.")]
    [InlineData(typeof(OrderedHandler), "The handler OrderedHandler is refused: Order and MovesTo are for filters: set Filter.")]
    [InlineData(typeof(MisleadingFilter), "The handler MisleadingFilter is refused: its MovesTo \"g/{id\" is malformed: \"{id\" is no level: a name of letters, digits and underscores in braces has to be all of it.")]
    [InlineData(typeof(SelfishFilter), "Filters might move messages round in a circle: SelfishFilter to \"+/+\", and so to SelfishFilter again.")]
    public void What_is_wrong_is_refused_with_one_sentence(Type type, string sentence) => Assert.Equal(sentence, RefusalOf(type));

    [Fact]
    public void Two_filters_of_the_same_topics_with_the_same_key_need_an_order() =>
        Assert.Equal("LateFilter and SameFilter are filters of the same topics, \"f/+\", with the same key: set Order of one of them.", RefusalOf(typeof(LateFilter), typeof(SameFilter)));

    [Fact]
    public void Filters_that_might_move_a_message_round_in_a_circle_are_refused()
    {
        Assert.Equal(
            "Filters might move messages round in a circle: OneFilter to \"two/+\", TwoFilter to \"three/+/+\", ThreeFilter to \"one/+\", and so to OneFilter again.",
            RefusalOf(typeof(ThreeFilter), typeof(BroadFilter), typeof(OneFilter), typeof(TwoFilter)));
        Assert.Equal(3, Of(typeof(ShortFilter), typeof(OneFilter), typeof(TwoFilter)).All.Length);
    }
}
