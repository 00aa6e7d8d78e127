using OrleansMqtt.Deadlines;

namespace OrleansMqtt.Storage.Sqlite.Documents;

/// <inheritdoc cref="IDeadlineStore"/>
/// <param name="store">The open store.</param>
internal sealed class SqliteDeadlineStore(SqliteStore store) : IDeadlineStore
{
    public ValueTask<ImmutableArray<Deadline>> LoadAsync(int shard) => new(store.ReadAsync(database =>
    {
        var deadlines = ImmutableArray.CreateBuilder<Deadline>();
        var select = database.Statement("SELECT client, kind, due, epoch FROM deadline WHERE shard = ?1").Bind(1, shard);
        while (select.Step()) deadlines.Add(new Deadline(select.Text(0), (DeadlineKind)select.Int64(1), select.Int64(2), select.Int64(3)));
        return deadlines.DrainToImmutable();
    }));

    public ValueTask SetAsync(int shard, Deadline deadline) => new(store.WriteAsync(database => database
        .Statement("INSERT OR REPLACE INTO deadline (shard, client, kind, due, epoch) VALUES (?1, ?2, ?3, ?4, ?5)")
        .Bind(1, shard).Bind(2, deadline.ClientId).Bind(3, (long)deadline.Kind).Bind(4, deadline.Due).Bind(5, deadline.Epoch).Run()));

    public ValueTask RemoveAsync(int shard, Deadline deadline) => new(store.WriteAsync(database => database
        .Statement("DELETE FROM deadline WHERE shard = ?1 AND client = ?2 AND kind = ?3 AND due = ?4 AND epoch = ?5")
        .Bind(1, shard).Bind(2, deadline.ClientId).Bind(3, (long)deadline.Kind).Bind(4, deadline.Due).Bind(5, deadline.Epoch).Run()));
}
