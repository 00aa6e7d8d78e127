namespace OrleansMqtt.Storage.Sqlite.Engine;

/// <inheritdoc cref="IStoreStatus"/>
internal sealed class SqliteStatus(SqliteStoreOptions options) : IStoreStatus
{
    private volatile string? _problem;

    public string Description { get; } = "sqlite " + options.Directory;

    public StoreDurability Durability => options.Durability;

    public bool IsHealthy => _problem is null;

    public string? Problem => _problem;

    /// <summary>The latest transaction is committed.</summary>
    public void Works()
    {
        if (_problem is not null) _problem = null;
    }

    /// <summary>The latest transaction could not be committed.</summary>
    public void Fails(Exception failure) => _problem = failure.Message;
}
