using OrleansMqtt.Actors.Membership;
using OrleansMqtt.Grains.Hosting;

namespace OrleansMqtt.TestingHost.Runtime;

/// <summary>When grains move in the bundled runtime, as the broker asks for it.</summary>
internal sealed class GrainMoves(IFencedMembership membership) : IGrainMoves
{
    public long Version => membership.Version;

    public Task Settled => membership.Settled;
}
