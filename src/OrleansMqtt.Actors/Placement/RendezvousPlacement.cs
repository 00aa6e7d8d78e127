using System.Collections.Frozen;
using System.Collections.Immutable;
using Orleans.Runtime;

namespace OrleansMqtt.Actors.Placement;

/// <summary>
/// Rendezvous hashing: of the silos that have its class each draws a number for a grain, the highest wins. So a grain moves only when its silo leaves or a new
/// one outbids it, and whoever knows the same silos finds the same winner. A grain whose class none of them has is placed as if all had it: its silo refuses the call.
/// </summary>
internal sealed class RendezvousPlacement
{
    public static readonly RendezvousPlacement Empty = new([]);

    private readonly ImmutableArray<PlacedSilo> _candidates;
    private readonly ulong[] _hashes;
    // By the silos that have the type; null when all silos have the same types, which is nearly always.
    private readonly FrozenDictionary<GrainType, RendezvousPlacement>? _byType;
    // Of types that no manifest names.
    private readonly RendezvousPlacement? _others;

    public RendezvousPlacement(IEnumerable<PlacedSilo> silos)
    {
        var ordered = silos.Distinct().Select(static silo => (Silo: silo, Name: silo.Address.ToParsableString())).OrderBy(static s => s.Name, StringComparer.Ordinal).ToArray();
        _candidates = [.. ordered.Select(static s => s.Silo)];
        _hashes = [.. ordered.Select(static s => StableHash.Of(s.Name))];
        if (_candidates.Select(static silo => silo.Manifest).Distinct().Take(2).Count() == 2)
        {
            (_byType, _others) = Divide(_candidates);
        }
    }

    /// <summary>The silos, each once, with what they have.</summary>
    public ImmutableArray<PlacedSilo> Candidates => _candidates;

    /// <summary>The silos, each once.</summary>
    public ImmutableArray<SiloAddress> Silos => [.. _candidates.Select(static silo => silo.Address)];

    /// <summary>The silo that wins a grain; null: there is none.</summary>
    public SiloAddress? Of(GrainId grain)
    {
        if (_byType is not null)
        {
            return _byType.GetValueOrDefault(grain.Type, _others!).Of(grain);
        }

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

        return winner < 0 ? null : _candidates[winner].Address;
    }

    public bool Contains(SiloAddress silo)
    {
        foreach (var candidate in _candidates)
        {
            if (candidate.Address.Equals(silo))
            {
                return true;
            }
        }

        return false;
    }

    private static (FrozenDictionary<GrainType, RendezvousPlacement> ByType, RendezvousPlacement Others) Divide(ImmutableArray<PlacedSilo> silos)
    {
        var having = new Dictionary<GrainType, List<PlacedSilo>>();
        var silent = new List<PlacedSilo>();
        foreach (var silo in silos)
        {
            if (!GrainManifest.TryRead(silo.Manifest, out var types))
            {
                silent.Add(silo);
                continue;
            }

            foreach (var type in types)
            {
                if (!having.TryGetValue(type, out var those)) having.Add(type, those = []);
                those.Add(silo);
            }
        }

        var byType = having.ToFrozenDictionary(static pair => pair.Key, pair => Among(pair.Value.Concat(silent)));
        return (byType, Among(silent.Count > 0 ? silent : silos));
    }

    // Without their manifests, by which they were chosen.
    private static RendezvousPlacement Among(IEnumerable<PlacedSilo> silos) => new(silos.Select(static silo => silo with { Manifest = null }));
}
