using System.Collections.Concurrent;
using Orleans.Runtime;
using OrleansMqtt.Actors.Membership;
using OrleansMqtt.Actors.Networking;

namespace OrleansMqtt.Actors.Clusters;

/// <summary>Ends the connections to silos that are no members any more. One that has left in good order answers what it still has first. One that was declared dead
/// hangs, or is cut off from the table: nobody is to wait for what it will not answer.</summary>
internal sealed class DepartedSilos(PeerNetwork network, TimeProvider time)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<SiloAddress, bool> _departed = new();
    private MembershipView _previous = MembershipView.None;

    /// <summary>Whether a silo was a member and is none any more.</summary>
    public bool Contains(SiloAddress silo) => _departed.ContainsKey(silo);

    /// <summary>Takes in the next view.</summary>
    public void Observe(MembershipView view)
    {
        foreach (var member in _previous.Members)
        {
            if (view.StatusOf(member.Address) == SiloStatus.Dead && _departed.TryAdd(member.Address, true))
            {
                _ = DisconnectAsync(member.Address, view.WasDeclaredDead(member.Address) ? TimeSpan.Zero : Patience);
            }
        }

        _previous = view;
    }

    private async Task DisconnectAsync(SiloAddress silo, TimeSpan patience)
    {
        // Away from the caller, which takes in a view.
        await Task.Delay(patience, time).ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        network.Disconnect(silo, "the silo is no member any more");
    }
}
