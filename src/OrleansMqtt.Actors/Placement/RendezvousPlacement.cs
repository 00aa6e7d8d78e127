using System.Collections.Immutable;
using Orleans.Runtime;

namespace OrleansMqtt.Actors.Placement;

/// <summary>
/// Rendezvous hashing: each silo draws a number for a grain, the highest wins. So a grain moves only when its silo leaves or a new
/// one outbids it, and whoever knows the same silos finds the same winner.
/// </summary>
internal sealed class RendezvousPlacement
{
    public static readonly RendezvousPlacement Empty = new([]);

    private readonly SiloAddress[] _silos;
    private readonly ulong[] _hashes;

    public RendezvousPlacement(IEnumerable<SiloAddress> silos)
    {
        var ordered = silos.Distinct().Select(static silo => (Silo: silo, Name: silo.ToParsableString())).OrderBy(static s => s.Name, StringComparer.Ordinal).ToArray();
        _silos = [.. ordered.Select(static s => s.Silo)];
        _hashes = [.. ordered.Select(static s => StableHash.Of(s.Name))];
    }

    /// <summary>The silos, each once.</summary>
    public ImmutableArray<SiloAddress> Silos => [.. _silos];

    /// <summary>The silo that wins a grain; null: there is none.</summary>
    public SiloAddress? Of(GrainId grain)
    {
        var hash = StableHash.Of(grain);
        var (winner, highest) = (-1, 0UL);
        for (var i = 0; i < _hashes.Length; i++)
        {
            var drawn = StableHash.Mix(hash ^ _hashes[i]);
            if (drawn > highest || winner < 0)
            {
                (winner, highest) = (i, drawn);
            }
        }

        return winner < 0 ? null : _silos[winner];
    }

    public bool Contains(SiloAddress silo) => Array.IndexOf(_silos, silo) >= 0;
}
