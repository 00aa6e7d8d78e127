using Orleans.Runtime;
using OrleansMqtt.Actors.Calls;
using OrleansMqtt.Actors.Mailboxes;
using OrleansMqtt.Actors.Networking;

namespace OrleansMqtt.Actors.Clusters;

/// <summary>An observer in another process. Its home never changes; when that process is gone, calls fail.</summary>
internal sealed class RemoteObserver(MessageCenter center, PeerIdentity home, GrainId grainId) : ICallTarget
{
    public PeerIdentity Home => home;

    public bool TryPost(Call call)
    {
        center.SendToObserver(home, grainId, (MethodCall)call);
        return true;
    }
}
