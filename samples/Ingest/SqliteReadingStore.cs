using System.Threading.Channels;
using Microsoft.Data.Sqlite;

namespace OrleansMqtt.Samples.Ingest;

/// <summary>Keeps readings in a SQLite file. What comes while one transaction is being written is the next one.</summary>
public sealed class SqliteReadingStore : IReadingStore, IAsyncDisposable
{
    private const int LargestBatch = 1000;
    private readonly Channel<(IdentifiedReading Reading, TaskCompletionSource Kept)> _waiting = Channel.CreateBounded<(IdentifiedReading, TaskCompletionSource)>(10 * LargestBatch);
    private readonly SqliteConnection _connection;
    private readonly Task _writing;

    /// <summary>Opens the file, and makes it if there is none.</summary>
    /// <param name="path">Where it is.</param>
    public SqliteReadingStore(string path)
    {
        _connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
        _connection.Open();
        using var command = _connection.CreateCommand();
        command.CommandText = """
            PRAGMA journal_mode = WAL;
            PRAGMA synchronous = FULL;
            CREATE TABLE IF NOT EXISTS reading (
                source TEXT NOT NULL, epoch INTEGER NOT NULL, count INTEGER NOT NULL, device TEXT NOT NULL, at TEXT NOT NULL, celsius REAL NOT NULL,
                PRIMARY KEY (source, epoch, count)) WITHOUT ROWID;
            """;
        command.ExecuteNonQuery();
        _writing = Task.Run(WriteAsync);
    }

    /// <inheritdoc/>
    public async Task AddAsync(IdentifiedReading reading, CancellationToken cancellationToken)
    {
        var kept = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await _waiting.Writer.WriteAsync((reading, kept), cancellationToken);
        await kept.Task.WaitAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _waiting.Writer.TryComplete();
        await _writing;
        await _connection.DisposeAsync();
    }

    private async Task WriteAsync()
    {
        var batch = new List<(IdentifiedReading Reading, TaskCompletionSource Kept)>();
        while (await _waiting.Reader.WaitToReadAsync())
        {
            while (batch.Count < LargestBatch && _waiting.Reader.TryRead(out var next)) batch.Add(next);
            try
            {
                Write(batch.Select(static waiting => waiting.Reading));
                foreach (var (_, kept) in batch) kept.SetResult();
            }
            catch (SqliteException exception)
            {
                // Their handlers fail, and are given them again.
                foreach (var (_, kept) in batch) kept.SetException(exception);
            }
            batch.Clear();
        }
    }

    private void Write(IEnumerable<IdentifiedReading> readings)
    {
        using var transaction = _connection.BeginTransaction();
        using var insert = _connection.CreateCommand();
        // Its key is what makes a message that comes again have no second effect.
        insert.CommandText = "INSERT OR IGNORE INTO reading (source, epoch, count, device, at, celsius) VALUES ($source, $epoch, $count, $device, $at, $celsius)";
        foreach (var (message, device, reading) in readings)
        {
            insert.Parameters.Clear();
            insert.Parameters.AddWithValue("$source", message.Source);
            insert.Parameters.AddWithValue("$epoch", message.Number.Epoch);
            insert.Parameters.AddWithValue("$count", message.Number.Count);
            insert.Parameters.AddWithValue("$device", device);
            insert.Parameters.AddWithValue("$at", reading.At.UtcDateTime);
            insert.Parameters.AddWithValue("$celsius", reading.Celsius);
            insert.ExecuteNonQuery();
        }
        transaction.Commit();
    }
}
