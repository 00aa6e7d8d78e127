using System.Collections.Immutable;
using OrleansMqtt.Messages;

namespace OrleansMqtt.Routing;

/// <summary>
/// Routes for gateways in other processes, and wills. Has no state but the order of what is under way: any activation on any silo gives the same answers.
/// </summary>
[Alias("OrleansMqtt.IRouterGrain")]
public interface IRouterGrain : IGrainWithStringKey
{
    /// <summary>
    /// Routes the messages in their order and returns when all receivers have them: per message the number of receivers, or less than 0 where one failed to take it.
    /// </summary>
    [Alias("Route")]
    Task<ImmutableArray<int>> RouteAsync(ImmutableArray<Message> messages);

    /// <summary>
    /// Routes a batch of a lane, behind the batches before it. Returns when all receivers have its messages or a moment later, with what is known by then: per message the
    /// number of receivers, -1 where one failed to take it, -2 where it had no space, -3 where only the retained store had none, -4 where only a handler failed, -256 less the reason code where a filter denied it, <see cref="int.MinValue"/> where <see cref="AwaitLaneAsync"/> is to be asked.
    /// Whatever it fails with: the batch, and those behind it, may have been routed or not, and no batch is routed by this activation any more.
    /// </summary>
    // With Orleans a call that was under way when its silo was killed hears nothing of it. This one takes a moment otherwise.
    [Alias("RouteLane")]
    [ResponseTimeout("00:00:03")]
    // A value task: its answer wakes no thread but the one that receives it.
    ValueTask<ImmutableArray<int>> RouteLaneAsync(LaneBatch batch);

    /// <summary>Waits for what <see cref="RouteLaneAsync"/> has left open, for a moment; answers as it does. Fails when this activation has not routed the batch.</summary>
    [Alias("AwaitLane")]
    [ResponseTimeout("00:00:03")]
    Task<ImmutableArray<int>> AwaitLaneAsync(long index);
}
