using Microsoft.Extensions.Logging;
using OrleansMqtt.Tests;

namespace OrleansMqtt.Storage.Sqlite.Tests.Support;

/// <summary>A data directory of one test, and stores opened in it. Deleted at the end.</summary>
internal sealed class DataDirectory : IDisposable
{
    private SqliteStore? _store;

    public string Path { get; } = Directory.CreateTempSubdirectory("orleansmqtt-sqlite-").FullName;

    public ManualTimeProvider Time { get; } = new();

    public ListLogger<SqliteStore> Logger { get; } = new();

    public string File(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>Opens the store; one that is open is closed before.</summary>
    public SqliteStore Open(StoreDurability? durability = null, long maximumPages = 0)
    {
        Close();
        return _store = new SqliteStore(Options(durability, maximumPages), Time, Logger);
    }

    public SqliteStoreOptions Options(StoreDurability? durability = null, long maximumPages = 0) =>
        new() { Directory = Path, Durability = durability ?? new StoreDurability(DurabilityLevel.Process), MaximumPages = maximumPages };

    public void Close()
    {
        _store?.Dispose();
        _store = null;
    }

    public void Dispose()
    {
        Close();
        Directory.Delete(Path, recursive: true);
    }
}

/// <summary>A logger that keeps its lines.</summary>
internal sealed class ListLogger<T> : ILogger<T>
{
    private readonly Lock _lock = new();
    private readonly List<string> _lines = [];

    public IReadOnlyList<string> Lines
    {
        get { lock (_lock) return [.. _lines]; }
    }

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        lock (_lock) _lines.Add($"{logLevel}: {formatter(state, exception)}");
    }
}
