using System.Net;
using Orleans.Runtime;
using OrleansMqtt.Actors.Placement;

namespace OrleansMqtt.Actors.Tests.Placement;

/// <summary>Silos that have not all the same grain classes.</summary>
public class GrainManifestTests
{
    private static readonly SiloAddress[] Silos = [.. Enumerable.Range(0, 4).Select(static i => SiloAddress.New(IPAddress.Loopback, 11111 + i, 1))];
    private static readonly string Old = Manifest("session", "topic"), New = Manifest("topic", "session", "meter");

    [Fact]
    public void Equal_sets_have_equal_texts() => Assert.Equal(Manifest("a", "b b", "c%"), Manifest("c%", "a", "b b"));

    [Fact]
    public void Names_come_back_whatever_is_in_them()
    {
        string[] names = ["plain", "with space", "100%", "grains", "Zürich 🙂", "a/b\"\n"];
        Assert.True(GrainManifest.TryRead(Manifest(names), out var types));
        Assert.Equal(names.Select(GrainType.Create).ToHashSet(), types);
    }

    [Fact]
    public void A_silo_without_grain_classes_says_so()
    {
        Assert.True(GrainManifest.TryRead(Manifest(), out var types));
        Assert.Empty(types);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("None")]
    [InlineData("grainsession")]
    public void What_is_no_such_text_says_nothing(string? text) => Assert.False(GrainManifest.TryRead(text, out _));

    [Fact]
    public void A_grain_is_placed_on_a_silo_that_has_its_class()
    {
        var placement = Among(Old, New, Old, New);
        Assert.Equal([Silos[1], Silos[3]], WhereAll(placement, "meter").Distinct().OrderBy(static silo => silo.Endpoint.Port));
    }

    [Fact]
    public void What_all_silos_have_is_placed_as_if_they_were_the_same()
    {
        var (mixed, same) = (Among(Old, New, Old, New), Among(New, New, New, New));
        Assert.Equal(WhereAll(same, "session"), WhereAll(mixed, "session"));
        Assert.Equal(4, WhereAll(mixed, "session").Distinct().Count());
    }

    [Fact]
    public void A_silo_that_does_not_say_has_all() =>
        Assert.Equal([Silos[0], Silos[3]], WhereAll(Among(null, Old, Old, New), "meter").Distinct().OrderBy(static silo => silo.Endpoint.Port));

    [Fact]
    public void What_only_a_silo_that_does_not_say_can_have_is_placed_there() => Assert.Equal([Silos[1]], WhereAll(Among(Old, null, Old), "meter").Distinct());

    // So who owns it is agreed upon even between silos that know manifests and an older version's, which do not: the winner of all has the class, or owns nothing by the others' view.
    [Fact]
    public void Who_wins_among_all_silos_wins_among_those_that_have_its_class()
    {
        var (all, some) = (WhereAll(Among(null, null, null, null), "meter"), WhereAll(Among(null, Old, null, New), "meter"));
        Assert.All(all.Zip(some), pair => Assert.True(pair.First.Equals(Silos[1]) || pair.First.Equals(pair.Second)));
    }

    [Fact]
    public void What_nobody_has_is_placed_as_if_all_had_it() => Assert.Equal(WhereAll(Among(New, New), "unheard-of"), WhereAll(Among(Old, New), "unheard-of"));

    [Fact]
    public void A_silo_without_the_class_moves_no_grain() => Assert.Equal(WhereAll(Among(New, New), "meter"), WhereAll(Among(New, New, Old), "meter"));

    private static string Manifest(params string[] types) => GrainManifest.Write(types.Select(GrainType.Create));

    private static RendezvousPlacement Among(params string?[] manifests) => new(manifests.Select(static (manifest, i) => new PlacedSilo(Silos[i], manifest)));

    private static List<SiloAddress> WhereAll(RendezvousPlacement placement, string type) =>
        [.. Enumerable.Range(0, 200).Select(i => placement.Of(GrainId.Create(type, $"key-{i}"))!)];
}
