namespace OrleansMqtt.Storage.Sqlite.Files;

/// <summary>The names of all files in the data directory.</summary>
/// <param name="directory">The data directory.</param>
internal sealed class StoreFiles(string directory)
{
    public string Directory => directory;

    /// <summary>The SQLite file. SQLite keeps two more beside it, -wal and -shm.</summary>
    public string Database => Path.Combine(directory, "store.db");

    public string Wal => Database + "-wal";

    public string SharedIndex => Database + "-shm";

    /// <summary>Held open by the process that uses the directory.</summary>
    public string Lock => Path.Combine(directory, "store.lock");

    /// <summary>Records that could not be read, one JSON object a line.</summary>
    public string Quarantine => Path.Combine(directory, "quarantine.jsonl");

    /// <summary>There when SQLite found the file damaged while it was in use: the next start salvages it.</summary>
    public string DamageMarker => Path.Combine(directory, "store.damaged");

    /// <summary>The new file while a damaged one is salvaged.</summary>
    public string Salvaged => Path.Combine(directory, "salvage.db");

    /// <summary>Where a damaged file is moved to.</summary>
    public string SetAside(DateTimeOffset time) => Path.Combine(directory, $"quarantine-{time:yyyyMMdd'T'HHmmssfff'Z'}.db");
}
