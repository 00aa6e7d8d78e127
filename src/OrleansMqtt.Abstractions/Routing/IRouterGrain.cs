using System.Collections.Immutable;
using OrleansMqtt.Messages;

namespace OrleansMqtt.Routing;

/// <summary>
/// Routes batches for gateways in other processes, and wills. Has no state: any activation on any silo gives the same answers.
/// </summary>
[Alias("OrleansMqtt.IRouterGrain")]
public interface IRouterGrain : IGrainWithStringKey
{
    /// <summary>
    /// Routes the messages in their order and returns when all receivers have them: per message the number of receivers, or -1 where one failed to take it.
    /// </summary>
    [Alias("Route")]
    Task<ImmutableArray<int>> RouteAsync(ImmutableArray<Message> messages);
}
