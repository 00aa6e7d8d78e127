using OrleansMqtt.Storage.Sqlite.Engine;

namespace OrleansMqtt.Storage.Sqlite.Documents;

/// <inheritdoc cref="ILeaseStore"/>
/// <remarks>A name's last lease stays, without a holder once it is given back, so that its token goes on rising.</remarks>
/// <param name="store">The open store.</param>
internal sealed class SqliteLeaseStore(SqliteStore store) : ILeaseStore
{
    private long Now => store.Time.GetUtcNow().ToUnixTimeMilliseconds();

    public ValueTask<Lease?> AcquireAsync(string name, string holder, TimeSpan duration, string data = "") => new(store.WriteAsync(context =>
    {
        var last = Find(context.Database, name);
        var own = last?.Holder == holder;
        if (last is not null && !own && last.Value.Holder is not null && last.Value.ExpiresAt > Now) return null;
        return Keep(context.Database, new Lease(name, holder, own ? last!.Value.Token : (last?.Token ?? 0) + 1, Until(duration), data));
    }));

    public ValueTask<TakenLease> TakeAsync(string name, string holder, TimeSpan duration) => new(store.WriteAsync(context =>
    {
        var last = Find(context.Database, name);
        var wasHeld = last is { Holder: not null } && last.Value.ExpiresAt > Now;
        return new TakenLease(Keep(context.Database, new Lease(name, holder, (last?.Token ?? 0) + 1, Until(duration), "")), wasHeld);
    }));

    public ValueTask<Lease?> RenewAsync(Lease lease, TimeSpan duration) => new(store.WriteAsync(context =>
        Find(context.Database, lease.Name) is { } last && last.Holder == lease.Holder && last.Token == lease.Token
            ? Keep(context.Database, new Lease(lease.Name, lease.Holder, lease.Token, Until(duration), last.Data))
            : null));

    public ValueTask ReleaseAsync(Lease lease) => new(store.WriteAsync(database => database
        .Statement("UPDATE lease SET holder = NULL WHERE name = ?1 AND holder = ?2 AND token = ?3").Bind(1, lease.Name).Bind(2, lease.Holder).Bind(3, lease.Token).Run()));

    public ValueTask<ImmutableArray<Lease>> ReadAsync(string prefix) => new(store.ReadAsync(database =>
    {
        var leases = ImmutableArray.CreateBuilder<Lease>();
        // UTF-8 in the order of its bytes: what begins with the prefix stands together, from it on.
        var select = database.Statement("SELECT name, holder, token, expires, data FROM lease WHERE name >= ?1 ORDER BY name").Bind(1, prefix);
        while (select.Step())
        {
            var lease = new Lease(select.Text(0), select.Text(1), select.Int64(2), select.Int64(3), select.Text(4));
            if (!lease.Name.StartsWith(prefix, StringComparison.Ordinal))
            {
                select.Reset();
                break;
            }
            if (!select.IsNull(1) && lease.ExpiresAt > Now) leases.Add(lease);
        }
        return leases.DrainToImmutable();
    }));

    private long Until(TimeSpan duration) => Now + (long)duration.TotalMilliseconds;

    private static (string? Holder, long Token, long ExpiresAt, string Data)? Find(SqliteDatabase database, string name)
    {
        var select = database.Statement("SELECT holder, token, expires, data FROM lease WHERE name = ?1").Bind(1, name);
        if (!select.Step()) return null;
        var found = (select.IsNull(0) ? null : select.Text(0), select.Int64(1), select.Int64(2), select.Text(3));
        select.Reset();
        return found;
    }

    private static Lease Keep(SqliteDatabase database, Lease lease)
    {
        database.Statement("INSERT OR REPLACE INTO lease (name, holder, token, expires, data) VALUES (?1, ?2, ?3, ?4, ?5)")
            .Bind(1, lease.Name).Bind(2, lease.Holder).Bind(3, lease.Token).Bind(4, lease.ExpiresAt).Bind(5, lease.Data).Run();
        return lease;
    }
}
