using Microsoft.Extensions.Logging;
using OrleansMqtt.Storage.Sqlite.Engine;
using OrleansMqtt.Storage.Sqlite.Files;
using OrleansMqtt.Storage.Sqlite.Sessions;

namespace OrleansMqtt.Storage.Sqlite;

/// <summary>The open store that all ports share: one writer, several readers, one file.</summary>
internal sealed partial class SqliteStore : IDisposable
{
    private readonly DirectoryLock _lock;
    private readonly SqliteDatabase _database;
    private readonly WriteQueue _writes;
    private readonly ReaderPool _readers;
    private readonly Quarantine _quarantine;
    private readonly StoreFiles _files;
    private readonly SqliteStatus _status;
    private readonly ILogger _logger;
    private bool _disposed;

    /// <summary>Opens it.</summary>
    /// <exception cref="StoreUnusableException">It cannot be opened as configured.</exception>
    public SqliteStore(SqliteStoreOptions options, TimeProvider time, ILogger<SqliteStore> logger)
    {
        if (options.Durability.Level is not (DurabilityLevel.Process or DurabilityLevel.Disk))
            throw new StoreUnusableException($"The SQLite store offers the durability levels process and disk, not {options.Durability}.");
        (Time, _logger) = (time, logger);
        _files = new StoreFiles(Path.GetFullPath(options.Directory));
        _lock = DirectoryLock.Take(_files);
        try
        {
            _database = new StoreOpener(_files, options, new Salvage(_files, time, logger)).Open();
        }
        catch
        {
            _lock.Dispose();
            throw;
        }
        _quarantine = new Quarantine(_files, time, logger);
        _status = new SqliteStatus(options);
        var errors = new SqliteErrors(_files.Directory);
        Chores = new WriterChores(_files.Wal);
        _writes = new WriteQueue(new WriteContext(_database, new LogHeads()), Chores, errors, OnDamage, _status);
        _readers = new ReaderPool(_files.Database, Environment.ProcessorCount, errors, OnDamage);
    }

    /// <summary>How it is.</summary>
    public IStoreStatus Status => _status;

    /// <summary>The store's clock.</summary>
    public TimeProvider Time { get; }

    /// <summary>What the writer does besides; to be told on the writer's thread.</summary>
    public WriterChores Chores { get; }

    /// <summary>Who may write retained messages. On the writer's thread.</summary>
    public PartitionEpochs RetainedEpochs { get; } = new();

    /// <summary>Who may write routes. On the writer's thread.</summary>
    public PartitionEpochs RouteEpochs { get; } = new();

    /// <summary>Transactions committed.</summary>
    public long Commits => _writes.Commits;

    /// <inheritdoc cref="WriteQueue.AddAsync"/>
    public Task<T> WriteAsync<T>(Func<WriteContext, T> apply, long bytes = 0) => _writes.AddAsync(apply, bytes);

    /// <inheritdoc cref="WriteQueue.AddAsync"/>
    public Task WriteAsync(Action<SqliteDatabase> apply, long bytes = 0) => _writes.AddAsync(
        context =>
        {
            apply(context.Database);
            return true;
        },
        bytes);

    /// <inheritdoc cref="ReaderPool.ReadAsync"/>
    public Task<T> ReadAsync<T>(Func<SqliteDatabase, T> read) => _readers.ReadAsync(read);

    /// <summary>Reads rows and decodes them; what cannot be decoded is set aside and left out.</summary>
    public async Task<ImmutableArray<T>> ReadRecordsAsync<T>(Action<SqliteDatabase, RecordPage<T>> read)
    {
        var page = await ReadAsync(database =>
        {
            var result = new RecordPage<T>();
            read(database, result);
            return result;
        }).ConfigureAwait(false);
        foreach (var damaged in page.Damaged)
        {
            try
            {
                await SetAsideAsync(damaged).ConfigureAwait(false);
            }
            catch (IOException exception)
            {
                // A full disk, say: it stays where it is until it is read again. What can be read is served.
                LogNotSetAside(_logger, exception, damaged.Table, damaged.Key);
            }
        }
        return page.Records;
    }

    /// <summary>Sets a record aside, unless it was changed meanwhile.</summary>
    public Task SetAsideAsync(DamagedRecord record) => _writes.AddAsync(
        context =>
        {
            var select = context.Database.Statement($"SELECT body FROM {record.Table} WHERE id = ?1").Bind(1, record.Id);
            var isSame = select.Step() && select.Blob(0).SequenceEqual(record.Body);
            select.Reset();
            if (!isSame) return false;
            _quarantine.Add(record.Table, record.Key, record.Body, record.Reason);
            if (record.Table == "entry") EntryRemoval.Uncount(context, record.Id);
            context.Database.Statement($"DELETE FROM {record.Table} WHERE id = ?1").Bind(1, record.Id).Run();
            return true;
        });

    public void Dispose()
    {
        if (_disposed) return;
        _disposed = true;
        _readers.Dispose();
        _writes.Dispose();
        _database.Dispose();
        _lock.Dispose();
    }

    private void OnDamage(SqliteFailure failure)
    {
        LogDamage(_logger, failure, _files.Database);
        try
        {
            File.WriteAllText(_files.DamageMarker, failure.Message);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            LogNotNoted(_logger, exception, _files.DamageMarker);
        }
    }

    [LoggerMessage(27, LogLevel.Critical, "{File}: SQLite found damage. What is readable goes on being served; the next start salvages it.")]
    private static partial void LogDamage(ILogger logger, Exception failure, string file);

    [LoggerMessage(28, LogLevel.Error, "{File} could not be written, so the next start does not look for damage by itself.")]
    private static partial void LogNotNoted(ILogger logger, Exception exception, string file);

    [LoggerMessage(29, LogLevel.Error, "Table {Table}, record {Key} cannot be decoded and could not be set aside; it is left out.")]
    private static partial void LogNotSetAside(ILogger logger, Exception exception, string table, string key);
}
