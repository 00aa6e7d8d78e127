using OrleansMqtt.Routing;
using OrleansMqtt.Storage.Formats;

namespace OrleansMqtt.Storage.Sqlite.Documents;

/// <inheritdoc cref="ISubscriptionStore"/>
/// <param name="store">The open store.</param>
internal sealed class SqliteSubscriptionStore(SqliteStore store) : ISubscriptionStore
{
    // By the writer: what it has taken before this is committed, and so loaded later.
    public ValueTask<long> OpenAsync(int partition, long epoch) => new(store.WriteAsync(_ => store.RouteEpochs.Open(partition, epoch)));

    public ValueTask<ImmutableArray<RouteChange>> LoadAsync(int partition) => new(store.ReadRecordsAsync<RouteChange>((database, page) =>
    {
        var select = database.Statement("SELECT id, key, body FROM route WHERE partition = ?1").Bind(1, partition);
        while (select.Step())
        {
            ReadOnlySpan<byte> key = select.Blob(1), body = select.Blob(2);
            try
            {
                var route = RouteChangeFormat.Decode(body);
                if (!RouteChangeFormat.Key(route).Span.SequenceEqual(key)) throw new InvalidDataException($"It is a route of {route.Filter} to {route.Receiver}.");
                page.Add(route);
            }
            catch (InvalidDataException reason)
            {
                page.AddDamaged("route", select.Int64(0), $"partition {partition}, key {Convert.ToHexString(key)}", body, reason);
            }
        }
    }));

    public ValueTask ApplyAsync(int partition, long epoch, ImmutableArray<RouteChange> changes) => new(store.WriteAsync(database =>
    {
        store.RouteEpochs.Require(partition, epoch);
        foreach (var change in changes)
        {
            var key = RouteChangeFormat.Key(change).Span;
            if (change.Removed)
                database.Statement("DELETE FROM route WHERE partition = ?1 AND key = ?2").Bind(1, partition).Bind(2, key).Run();
            else
                database.Statement("INSERT INTO route (partition, key, body) VALUES (?1, ?2, ?3) ON CONFLICT (partition, key) DO UPDATE SET body = excluded.body")
                    .Bind(1, partition).Bind(2, key).Bind(3, RouteChangeFormat.Encode(change).Span).Run();
        }
    }));
}
