namespace OrleansMqtt.Cluster.Tests.Nemesis;

/// <summary>What goes wrong in a run, without end. A seed decides all of it.</summary>
/// <param name="seed">The seed.</param>
/// <param name="silos">Names of the silos, two or more.</param>
/// <param name="gateways">Names of the gateways.</param>
/// <param name="redis">Name of Redis.</param>
internal sealed class NemesisPlan(int seed, IReadOnlyList<string> silos, IReadOnlyList<string> gateways, string redis)
{
    private static readonly FaultKind[] OfRedis = [FaultKind.Kill, FaultKind.Kill, FaultKind.Restart, FaultKind.Pause];
    private static readonly FaultKind[] OfGateways = [FaultKind.Kill, FaultKind.Kill, FaultKind.Restart, FaultKind.Pause, FaultKind.StallRedis, FaultKind.ResetRedis];
    private static readonly FaultKind[] OfSilos =
        [FaultKind.Kill, FaultKind.Kill, FaultKind.Restart, FaultKind.Pause, FaultKind.StallRedis, FaultKind.ResetRedis, FaultKind.StallPeers, FaultKind.ResetPeers, FaultKind.StallPeer];

    // Leases last 4 s at most.
    private const double PastLeases = 5;

    /// <summary>The rounds, in order; the same each time.</summary>
    public IEnumerable<PlannedRound> Rounds()
    {
        var random = new Random(seed);
        while (true)
        {
            var faults = new List<PlannedFault>();
            for (var count = random.Next(3) == 0 ? 2 : 1; faults.Count < count;)
            {
                var fault = Next(random);
                if (!faults.Exists(known => known.Part == fault.Part)) faults.Add(fault);
            }

            var least = faults.Exists(static fault => fault.Kind == FaultKind.Pause) ? PastLeases : 0;
            yield return new PlannedRound(faults, TimeSpan.FromSeconds(least + (4 * random.NextDouble())));
        }
    }

    private PlannedFault Next(Random random)
    {
        switch (random.Next(7))
        {
            case 0:
                return new PlannedFault(redis, Pick(OfRedis, random));
            case <= 3:
                return new PlannedFault(Pick(gateways, random), Pick(OfGateways, random));
            default:
                var silo = Pick(silos, random);
                var kind = Pick(OfSilos, random);
                return new PlannedFault(silo, kind, kind == FaultKind.StallPeer ? Pick([.. silos.Concat(gateways).Where(part => part != silo)], random) : null);
        }
    }

    private static T Pick<T>(IReadOnlyList<T> all, Random random) => all[random.Next(all.Count)];
}
