using System.Collections.Immutable;

namespace OrleansMqtt.Gateways;

/// <summary>
/// A gateway's connections, for silos that have lost sight of them. A reference of its own: what waits here for the end of a connection keeps no message from that gateway's other clients.
/// </summary>
[Alias("OrleansMqtt.IGatewayConnections")]
public interface IGatewayConnections : IGrainObserver
{
    /// <summary>
    /// Ends what these clients have of connections, and of those that are just being made, because they connect elsewhere. Returns when they get nothing more by them and what was read is
    /// routed and recorded: for each 0, or the epoch of one that is not former and goes on.
    /// </summary>
    [Alias("CloseFormer")]
    [AlwaysInterleave]
    Task<ImmutableArray<long>> CloseFormerAsync(ImmutableArray<FormerConnection> former);

    /// <summary>
    /// Makes known to their sessions' grains, by <see cref="Sessions.ISessionGrain.ConfirmAsync"/>, all connections that were there or being made when this was called with 0, and of which nothing is stored.
    /// Does not wait for it: returns 0 when that is done, otherwise with what to ask again.
    /// </summary>
    [Alias("Confirm")]
    Task<long> ConfirmAsync(long pass);
}

/// <summary>A client that connects elsewhere.</summary>
/// <param name="ClientId">The client.</param>
/// <param name="Before">Of its connections those with a lower epoch are former.</param>
[GenerateSerializer, Immutable, Alias("OrleansMqtt.FormerConnection")]
public readonly record struct FormerConnection([property: Id(0)] string ClientId, [property: Id(1)] long Before);
