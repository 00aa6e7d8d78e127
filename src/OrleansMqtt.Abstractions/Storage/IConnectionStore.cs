using System.Collections.Immutable;

namespace OrleansMqtt.Storage;

/// <summary>A connection that somebody has to end if its gateway can't.</summary>
/// <param name="ClientId">Client identifier.</param>
/// <param name="Epoch">The session epoch of the connection.</param>
public readonly record struct StoredConnection(string ClientId, long Epoch);

/// <summary>
/// Which connections of persistent sessions, and of clients with a will, each gateway has: when it dies, their wills and expiries are still
/// due. A gateway's name is another one after each start. A returned task is completed when the write has reached the store's durability level.
/// </summary>
public interface IConnectionStore
{
    /// <summary>Adds a connection; one of the same client that is there gives way.</summary>
    ValueTask AddAsync(string gateway, StoredConnection connection);

    /// <summary>Removes this very connection, if it is there.</summary>
    ValueTask RemoveAsync(string gateway, StoredConnection connection);

    /// <summary>The gateways that have connections.</summary>
    ValueTask<ImmutableArray<string>> ReadGatewaysAsync();

    /// <summary>The connections of one gateway.</summary>
    ValueTask<ImmutableArray<StoredConnection>> ReadAsync(string gateway);
}
