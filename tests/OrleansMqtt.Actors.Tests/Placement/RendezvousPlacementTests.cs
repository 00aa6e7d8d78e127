using System.Net;
using Orleans.Runtime;
using OrleansMqtt.Actors.Placement;

namespace OrleansMqtt.Actors.Tests.Placement;

public class RendezvousPlacementTests
{
    private static readonly GrainId[] Sessions = [.. Enumerable.Range(0, 100_000).Select(static i => GrainId.Create("session", $"client-{i}"))];

    [Fact]
    public void Without_silos_there_is_no_owner() => Assert.Null(RendezvousPlacement.Empty.Of(Sessions[0]));

    [Fact]
    public void The_order_in_which_silos_are_known_does_not_matter()
    {
        var (forth, back) = (Among(Silos(7)), Among(Silos(7).Reverse()));

        Assert.All(Sessions[..1000], grain => Assert.Equal(forth.Of(grain), back.Of(grain)));
    }

    [Fact]
    public void A_grain_moves_only_to_a_silo_that_is_new_and_only_from_one_that_is_gone()
    {
        var (five, six) = (Among(Silos(5)), Among(Silos(6)));
        var newcomer = Silos(6)[5];
        var moved = Sessions.Where(grain => !five.Of(grain)!.Equals(six.Of(grain))).ToArray();

        Assert.All(moved, grain => Assert.Equal(newcomer, six.Of(grain)));
        AssertBinomial(moved.Length, Sessions.Length, 1.0 / 6, alternatives: 1);
    }

    [Theory]
    [InlineData(32, 3)]
    [InlineData(100_000, 5)]
    [InlineData(100_000, 8)]
    public void Grains_are_spread_as_evenly_as_chance_does(int grains, int silos)
    {
        var placement = Among(Silos(silos));
        var keys = grains == 32 ? Enumerable.Range(0, 32).Select(static i => GrainId.Create("topic", i.ToString("x", null))) : Sessions[..grains];
        var counts = keys.CountBy(grain => placement.Of(grain)!).ToDictionary();

        Assert.Equal(grains, counts.Values.Sum());
        Assert.All(Silos(silos), silo => AssertBinomial(counts.GetValueOrDefault(silo), grains, 1.0 / silos, silos));
    }

    [Fact]
    public void The_hash_never_changes()
    {
        // Computed once, by an implementation of its own in another language; a cluster's silos must agree on them through all releases.
        Assert.Equal(0x82A3A8AC2E2CAEB6u, StableHash.Of(GrainId.Create("session", "client-1")));
        Assert.Equal(0x7D50F84972041E08u, StableHash.Of(GrainId.Create("topic", "1f")));
        Assert.Equal(0xA1AE835858ED3E47u, StableHash.Of("127.0.0.1:11111@42"));
        Assert.Equal(0x9205997EC9075B7Eu, StableHash.Of("Zürich 🙂"));
        Assert.Equal(0x0000000000000000u, StableHash.Of(""));
    }

    [Fact]
    public void What_differs_a_little_has_quite_another_hash()
    {
        // Each of 64 bits flips with a chance of a half, whichever bit of the text is changed.
        var flips = new int[64];
        var pairs = 0;
        foreach (var grain in Sessions[..1000])
        {
            var text = grain.ToString();
            for (var i = 0; i < text.Length; i++, pairs++)
            {
                var changed = text[..i] + (char)(text[i] ^ 1) + text[(i + 1)..];
                for (var (difference, bit) = (StableHash.Of(text) ^ StableHash.Of(changed), 0); bit < 64; bit++)
                {
                    flips[bit] += (int)(difference >> bit) & 1;
                }
            }
        }

        Assert.All(flips, count => AssertBinomial(count, pairs, 0.5, flips.Length));
    }

    private static RendezvousPlacement Among(IEnumerable<SiloAddress> silos) => new(silos.Select(static silo => new PlacedSilo(silo, null)));

    private static SiloAddress[] Silos(int count) => [.. Enumerable.Range(0, count).Select(static i => SiloAddress.New(IPAddress.Loopback, 11111 + i, 1000 + (17 * i)))];

    /// <summary>That a count is one which chance alone leaves in all but one of a million cases.</summary>
    private static void AssertBinomial(int count, int trials, double chance, int alternatives)
    {
        var limit = 1e-6 / alternatives;
        var (atMost, atLeast) = (0.0, 0.0);
        // The logarithm of the probability of k, from that of k - 1: the numbers themselves are too small.
        var logarithm = trials * Math.Log(1 - chance);
        for (var k = 0; k <= trials; k++)
        {
            atMost += k <= count ? Math.Exp(logarithm) : 0;
            atLeast += k >= count ? Math.Exp(logarithm) : 0;
            logarithm += Math.Log(trials - k) - Math.Log(k + 1) + Math.Log(chance / (1 - chance));
        }

        Assert.True(atMost > limit && atLeast > limit, $"{count} of {trials} at {chance:F3}: chance {Math.Min(atMost, atLeast):E1}.");
    }
}
