using System.Text.Json;
using OrleansMqtt.Messages;

namespace OrleansMqtt.Handlers.Tests.Applied;

public class AppliedMessagesTests
{
    private readonly AppliedMessages _applied = new();

    [Fact]
    public void A_message_is_applied_once()
    {
        Assert.True(_applied.TryAdd(Id("a", 1)));
        Assert.False(_applied.TryAdd(Id("a", 1)));
        Assert.True(_applied.TryAdd(Id("b", 1)));
        Assert.True(_applied.TryAdd(Id("a", 3)));
        // Numbers of a session may come out of order.
        Assert.True(_applied.TryAdd(Id("a", 2)));
        Assert.False(_applied.TryAdd(Id("a", 2)));
        Assert.False(_applied.TryAdd(Id("a", 3)));
        Assert.True(_applied.TryAdd(Id("a", 1, epoch: 1)));
        Assert.True(_applied.Contains(Id("a", 1)) && !_applied.Contains(Id("a", 2, epoch: 1)) && !_applied.Contains(Id("c", 1)));
    }

    [Fact]
    public void What_stands_below_the_floor_is_forgotten_and_still_known()
    {
        for (var i = 1; i <= 1000; i++) Assert.True(_applied.TryAdd(Id("a", i, floor: Math.Max(1, i - 3))));
        Assert.Equal(4, Assert.Single(_applied.Sources).Numbers.Count);
        Assert.False(_applied.TryAdd(Id("a", 5)));
        Assert.True(_applied.Contains(Id("a", 5)));
    }

    [Fact]
    public void What_comes_late_below_the_floor_is_applied_unless_something_behind_it_was()
    {
        _applied.TryAdd(Id("a", 2));
        _applied.TryAdd(Id("a", 9, floor: 8));
        Assert.True(_applied.TryAdd(Id("a", 5)));
        Assert.False(_applied.TryAdd(Id("a", 1)));
    }

    [Fact]
    public void Another_epoch_is_another_message_however_low()
    {
        for (var epoch = 10; epoch <= 20; epoch++) Assert.True(_applied.TryAdd(Id("a", 1, floor: 1, epoch: epoch)));
        Assert.True(_applied.TryAdd(Id("a", 1, floor: 1, epoch: 3)));
        Assert.False(_applied.TryAdd(Id("a", 1, floor: 1, epoch: 3)));
        Assert.False(_applied.TryAdd(Id("a", 1, floor: 1, epoch: 19)));
        var source = Assert.Single(_applied.Sources);
        Assert.Equal((1, 4), (source.Numbers.Count, source.Past.Count));
    }

    [Fact]
    public void Sources_that_have_sent_nothing_for_long_are_forgotten()
    {
        _applied.Capacity = 3;
        foreach (var source in new[] { "a", "b", "c", "a", "d" }) _applied.TryAdd(Id(source, 1));
        Assert.Equal(["c", "a", "d"], _applied.Sources.Select(static source => source.Source));
    }

    [Fact]
    public void It_is_stored_as_JSON()
    {
        _applied.TryAdd(Id("session/x", 7, floor: 5, epoch: 2));
        var read = JsonSerializer.Deserialize<AppliedMessages>(JsonSerializer.Serialize(_applied))!;
        Assert.False(read.TryAdd(Id("session/x", 7, floor: 5, epoch: 2)));
        Assert.True(read.TryAdd(Id("session/x", 6, floor: 5, epoch: 2)));
    }

    private static MessageIdentity Id(string source, long number, long floor = 0, long epoch = 0) => new(source, new MessageNumber(epoch, number), new MessageNumber(epoch, floor));
}
