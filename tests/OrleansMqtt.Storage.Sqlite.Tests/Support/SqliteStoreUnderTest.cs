using Orleans.Storage;
using OrleansMqtt.Storage.Specification;
using OrleansMqtt.Storage.Sqlite.Documents;
using OrleansMqtt.Storage.Sqlite.Sessions;

namespace OrleansMqtt.Storage.Sqlite.Tests.Support;

/// <summary>A store in a directory of its own. Reopening closes the file and opens it again.</summary>
internal sealed class SqliteStoreUnderTest : StoreUnderTest
{
    private readonly DataDirectory _directory = new();
    private SqliteStore _store;

    public SqliteStoreUnderTest() => _store = _directory.Open();

    public override ISessionLog Sessions => new SqliteSessionLog(_store);

    public override IRetainedStore Retained => new SqliteRetainedStore(_store);

    public override ISubscriptionStore Subscriptions => new SqliteSubscriptionStore(_store);

    public override IDeadlineStore Deadlines => new SqliteDeadlineStore(_store);

    public override IConnectionStore Connections => new SqliteConnectionStore(_store);

    public override ILeaseStore Leases => new SqliteLeaseStore(_store);

    public override IGrainStorage Grains => new SqliteGrainStorage(_store);

    public override ValueTask ReopenAsync()
    {
        _store = _directory.Open();
        return default;
    }

    public override ValueTask PassAsync(TimeSpan time)
    {
        _directory.Time.Advance(time);
        return default;
    }

    public override ValueTask DisposeAsync()
    {
        _directory.Dispose();
        return default;
    }
}
