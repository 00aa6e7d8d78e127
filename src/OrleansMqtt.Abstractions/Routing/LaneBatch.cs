using System.Collections.Immutable;
using OrleansMqtt.Messages;

namespace OrleansMqtt.Routing;

/// <summary>What a lane has for its router, in order.</summary>
/// <param name="Index">Number of the batch among those of this attempt, from 0 without a gap: batches are routed in this order, whatever the order in which they come.</param>
/// <param name="Done">All batches before this one have been answered in full: whoever knows of none yet begins here. At most <paramref name="Index"/>.</param>
/// <param name="Publishes">What to route, each with its <see cref="PublishView.Stamp"/>; none in a batch that only asks whether there is a router.</param>
/// <param name="Others">What does not travel packed, in order; it keeps its places among <paramref name="Publishes"/>.</param>
[GenerateSerializer, Immutable, Alias("OrleansMqtt.LaneBatch")]
public sealed record LaneBatch(
    [property: Id(0)] long Index, [property: Id(1)] long Done, [property: Id(2)] PackedPublishes Publishes, [property: Id(3)] ImmutableArray<LaneItem> Others)
{
    /// <summary>Most batches that a lane may have on their way without knowing that they are routed; a router holds no more that wait for one before them.</summary>
    public const int Window = 4;
}

/// <summary>A message of a lane that has an identity, or is for a shared group alone.</summary>
/// <param name="Message">The message, with its <see cref="Messages.Message.Stamp"/>.</param>
/// <param name="Group">The shared group whose message it is, which a leaving member did not acknowledge; null for a publish.</param>
/// <param name="LeavingClient">That member.</param>
[GenerateSerializer, Immutable, Alias("OrleansMqtt.LaneItem")]
public readonly record struct LaneItem(
    [property: Id(0)] Message Message, [property: Id(1)] SharedGroupKey? Group = null, [property: Id(2)] string? LeavingClient = null);
