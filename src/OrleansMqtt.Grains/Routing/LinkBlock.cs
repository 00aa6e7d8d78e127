using System.Collections.Immutable;
using OrleansMqtt.Gateways;
using OrleansMqtt.Messages;
using OrleansMqtt.Routing;

namespace OrleansMqtt.Grains.Routing;

/// <summary>Who waits for a gateway's answer to a message.</summary>
/// <param name="Waiter">Is told of it.</param>
/// <param name="Index">What the waiter knows the message by.</param>
/// <param name="MayBeDropped">Whether it does not wait for a gateway that does not answer.</param>
internal readonly record struct LinkEntry(IRouteWaiter Waiter, int Index, bool MayBeDropped);

/// <summary>Messages for a gateway that go together.</summary>
/// <param name="Publishes">The messages.</param>
/// <param name="Others">Those that do not travel packed.</param>
/// <param name="Entries">Who waits for the answers: as many as there are messages.</param>
/// <param name="Bytes">About what it takes in memory.</param>
internal sealed record LinkBlock(PackedPublishes Publishes, ImmutableArray<GatewayDelivery> Others, List<LinkEntry> Entries, long Bytes);

/// <summary>Tells two who wait for the answer to the same message.</summary>
internal sealed class JoinedWaiters(LinkEntry first, LinkEntry second) : IRouteWaiter
{
    /// <inheritdoc/>
    public void OnFound(int index, int receivers)
    {
        first.Waiter.OnFound(first.Index, receivers);
        second.Waiter.OnFound(second.Index, receivers);
    }
}
