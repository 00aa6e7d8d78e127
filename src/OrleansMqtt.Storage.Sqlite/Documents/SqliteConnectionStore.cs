namespace OrleansMqtt.Storage.Sqlite.Documents;

/// <inheritdoc cref="IConnectionStore"/>
/// <param name="store">The open store.</param>
internal sealed class SqliteConnectionStore(SqliteStore store) : IConnectionStore
{
    public ValueTask AddAsync(string gateway, StoredConnection connection) => new(store.WriteAsync(database => database
        .Statement("INSERT OR REPLACE INTO connection (gateway, client, epoch) VALUES (?1, ?2, ?3)")
        .Bind(1, gateway).Bind(2, connection.ClientId).Bind(3, connection.Epoch).Run()));

    public ValueTask RemoveAsync(string gateway, StoredConnection connection) => new(store.WriteAsync(database => database
        .Statement("DELETE FROM connection WHERE gateway = ?1 AND client = ?2 AND epoch = ?3")
        .Bind(1, gateway).Bind(2, connection.ClientId).Bind(3, connection.Epoch).Run()));

    public ValueTask<ImmutableArray<string>> ReadGatewaysAsync() => new(store.ReadAsync(static database =>
    {
        var gateways = ImmutableArray.CreateBuilder<string>();
        var select = database.Statement("SELECT DISTINCT gateway FROM connection");
        while (select.Step()) gateways.Add(select.Text(0));
        return gateways.DrainToImmutable();
    }));

    public ValueTask<ImmutableArray<StoredConnection>> ReadAsync(string gateway) => new(store.ReadAsync(database =>
    {
        var connections = ImmutableArray.CreateBuilder<StoredConnection>();
        var select = database.Statement("SELECT client, epoch FROM connection WHERE gateway = ?1").Bind(1, gateway);
        while (select.Step()) connections.Add(new StoredConnection(select.Text(0), select.Int64(1)));
        return connections.DrainToImmutable();
    }));
}
