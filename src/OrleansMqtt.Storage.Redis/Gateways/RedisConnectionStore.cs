using System.Collections.Immutable;
using System.Globalization;
using OrleansMqtt.Storage.Redis.Connections;
using OrleansMqtt.Storage.Redis.Scripts;
using StackExchange.Redis;

namespace OrleansMqtt.Storage.Redis.Gateways;

/// <summary>Connections: a hash for each gateway, client → epoch, and the set of gateways that have one.</summary>
internal sealed class RedisConnectionStore(RedisClient client, RedisHash hash) : IConnectionStore
{
    public ValueTask AddAsync(string gateway, StoredConnection connection) => WriteAsync(ConnectionScripts.Add, gateway, connection);

    public ValueTask RemoveAsync(string gateway, StoredConnection connection) => WriteAsync(ConnectionScripts.Remove, gateway, connection);

    public async ValueTask<ImmutableArray<string>> ReadGatewaysAsync()
    {
        var names = ((RedisValue[])await client.ReadAsync(database => database.ExecuteAsync("SMEMBERS", client.Keys.Gateways)))!;
        return [.. names.Select(static name => (string)name!)];
    }

    public async ValueTask<ImmutableArray<StoredConnection>> ReadAsync(string gateway)
    {
        var connections = ImmutableArray.CreateBuilder<StoredConnection>();
        await foreach (var connection in hash.LoadAsync(client.Keys.Connections(gateway), Decode)) connections.Add(connection);
        return connections.ToImmutable();
    }

    private async ValueTask WriteAsync(RedisScript script, string gateway, StoredConnection connection) =>
        await client.WriteAsync(script, [client.Keys.Connections(gateway), client.Keys.Gateways], [connection.ClientId, connection.Epoch, gateway]);

    private static StoredConnection Decode(RedisValue field, byte[] value) => long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var epoch)
        ? new StoredConnection(field!, epoch)
        : throw new InvalidDataException("An epoch is not a number.");
}
