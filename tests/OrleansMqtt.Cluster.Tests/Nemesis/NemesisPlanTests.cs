namespace OrleansMqtt.Cluster.Tests.Nemesis;

public sealed class NemesisPlanTests
{
    private const int Rounds = 2_000;
    private static readonly string[] Silos = ["s1", "s2", "s3"];
    private static readonly string[] Gateways = ["g1", "g2"];

    [Fact]
    public void A_seed_gives_the_same_plan_each_time()
    {
        Assert.Equal(Text(1), Text(1));
        Assert.NotEqual(Text(1), Text(2));
    }

    [Fact]
    public void Everything_happens_to_everything_that_it_can_happen_to()
    {
        var faults = Plan(3).SelectMany(static round => round.Faults).ToList();

        Assert.Equal(Enum.GetValues<FaultKind>(), faults.Select(static f => f.Kind).Distinct().Order());
        Assert.Equal(["g1", "g2", "redis", "s1", "s2", "s3"], faults.Select(static f => f.Part).Distinct().Order(StringComparer.Ordinal));
        Assert.All(faults.Where(static f => f.Kind >= FaultKind.StallPeers), static f => Assert.Contains(f.Part, Silos));
        Assert.All(faults.Where(static f => f.Kind >= FaultKind.StallRedis), static f => Assert.NotEqual("redis", f.Part));
        Assert.All(faults.Where(static f => f.Kind == FaultKind.StallPeer), static f => Assert.NotEqual(f.Part, f.From));
    }

    [Fact]
    public void One_or_two_parts_fail_at_a_time_and_a_pause_lasts_longer_than_leases() => Assert.All(Plan(4), static round =>
    {
        Assert.InRange(round.Faults.Count, 1, 2);
        Assert.Equal(round.Faults.Count, round.Faults.DistinctBy(static f => f.Part).Count());
        if (round.Faults.Any(static f => f.Kind == FaultKind.Pause)) Assert.True(round.Length > TimeSpan.FromSeconds(4.5));
    });

    private static string Text(int seed) => string.Join('\n', Plan(seed));

    private static List<PlannedRound> Plan(int seed) => [.. new NemesisPlan(seed, Silos, Gateways, "redis").Rounds().Take(Rounds)];
}
