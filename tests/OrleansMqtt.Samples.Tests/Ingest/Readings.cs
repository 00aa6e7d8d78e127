using Microsoft.Data.Sqlite;
using OrleansMqtt.Samples.Ingest;

namespace OrleansMqtt.Samples.Tests.Ingest;

/// <summary>A store of a test, and what is in it.</summary>
internal sealed class Readings : IAsyncDisposable
{
    private readonly string _path = Path.Combine(Path.GetTempPath(), $"readings-{Guid.NewGuid():N}.db");

    public Readings() => Store = new SqliteReadingStore(_path);

    public SqliteReadingStore Store { get; private set; }

    /// <summary>Each reading: its device and value, in order of both.</summary>
    public List<(string Device, double Celsius)> All()
    {
        using var connection = new SqliteConnection($"Data Source={_path};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT device, celsius FROM reading ORDER BY device, celsius";
        using var reader = command.ExecuteReader();
        var all = new List<(string, double)>();
        while (reader.Read()) all.Add((reader.GetString(0), reader.GetDouble(1)));
        return all;
    }

    /// <summary>Closes the store and opens it again.</summary>
    public async Task ReopenAsync()
    {
        await Store.DisposeAsync();
        Store = new SqliteReadingStore(_path);
    }

    /// <summary>Makes writes fail until it is disposed of.</summary>
    public IDisposable Lock()
    {
        var connection = new SqliteConnection($"Data Source={_path};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "ALTER TABLE reading RENAME TO elsewhere";
        command.ExecuteNonQuery();
        return new Renamed(connection);
    }

    public async ValueTask DisposeAsync()
    {
        await Store.DisposeAsync();
        foreach (var file in new[] { _path, _path + "-wal", _path + "-shm" }) File.Delete(file);
    }

    private sealed class Renamed(SqliteConnection connection) : IDisposable
    {
        public void Dispose()
        {
            using var command = connection.CreateCommand();
            command.CommandText = "ALTER TABLE elsewhere RENAME TO reading";
            command.ExecuteNonQuery();
            connection.Dispose();
        }
    }
}
