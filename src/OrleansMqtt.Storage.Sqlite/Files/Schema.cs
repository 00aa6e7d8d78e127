using OrleansMqtt.Storage.Sqlite.Engine;

namespace OrleansMqtt.Storage.Sqlite.Files;

/// <summary>The tables, and how the file is used.</summary>
internal static class Schema
{
    /// <summary>What <c>PRAGMA user_version</c> says of a file of this form.</summary>
    public const int Version = 1;

    /// <summary>What <c>PRAGMA application_id</c> says of every store: "OMQT".</summary>
    public const int ApplicationId = 0x4F4D5154;

    /// <summary>Tables by name, with the columns of their primary keys.</summary>
    public static readonly (string Name, string Key)[] Tables =
    [
        ("log", "number"), ("dropped_log", "number"), ("entry", "id"), ("inbound", "id"), ("taken", "log, source, epoch, count"), ("retained", "id"),
        ("route", "id"), ("deadline", "shard, client, kind"), ("connection", "gateway, client"), ("lease", "name"), ("state", "id"),
    ];

    // Tables with bodies have row numbers: without them SQLite keeps at most 1,002 bytes of a row of a 4 KB page in the tree and the
    // rest in overflow pages (https://sqlite.org/fileformat2.html#b_tree_pages, https://sqlite.org/withoutrowid.html).
    private const string Definition = """
        CREATE TABLE log (number INTEGER PRIMARY KEY, client TEXT NOT NULL UNIQUE, epoch INTEGER NOT NULL, next INTEGER NOT NULL, count INTEGER NOT NULL, bytes INTEGER NOT NULL);
        CREATE TABLE dropped_log (number INTEGER PRIMARY KEY);
        CREATE TABLE entry (id INTEGER PRIMARY KEY, size INTEGER NOT NULL, released INTEGER NOT NULL, body BLOB NOT NULL);
        CREATE TABLE inbound (id INTEGER PRIMARY KEY, log INTEGER NOT NULL, packet INTEGER NOT NULL, body BLOB NOT NULL, UNIQUE (log, packet));
        CREATE TABLE taken (log INTEGER NOT NULL, source TEXT NOT NULL, epoch INTEGER NOT NULL, count INTEGER NOT NULL, PRIMARY KEY (log, source, epoch, count)) WITHOUT ROWID;
        CREATE TABLE retained (id INTEGER PRIMARY KEY, partition INTEGER NOT NULL, topic BLOB NOT NULL, body BLOB NOT NULL, UNIQUE (partition, topic));
        CREATE TABLE route (id INTEGER PRIMARY KEY, partition INTEGER NOT NULL, key BLOB NOT NULL, body BLOB NOT NULL, UNIQUE (partition, key));
        CREATE TABLE deadline (shard INTEGER NOT NULL, client TEXT NOT NULL, kind INTEGER NOT NULL, due INTEGER NOT NULL, epoch INTEGER NOT NULL, PRIMARY KEY (shard, client, kind)) WITHOUT ROWID;
        CREATE TABLE connection (gateway TEXT NOT NULL, client TEXT NOT NULL, epoch INTEGER NOT NULL, PRIMARY KEY (gateway, client)) WITHOUT ROWID;
        CREATE TABLE lease (name TEXT NOT NULL PRIMARY KEY, holder TEXT, token INTEGER NOT NULL, expires INTEGER NOT NULL, data TEXT NOT NULL) WITHOUT ROWID;
        CREATE TABLE state (id INTEGER PRIMARY KEY, name TEXT NOT NULL, grain TEXT NOT NULL, etag TEXT NOT NULL, body BLOB NOT NULL, UNIQUE (name, grain));
        """;

    /// <summary>Creates the tables of a new file.</summary>
    public static void Create(SqliteDatabase database)
    {
        // Pages of deleted rows are used again (auto_vacuum off, the default): the file is as large as the store once was and moves no
        // pages about while it is in use. `VACUUM` with the broker stopped makes it small.
        database.Execute("PRAGMA page_size = 4096");
        database.Execute("PRAGMA journal_mode = WAL");
        database.Execute($"BEGIN; {Definition} PRAGMA application_id = {ApplicationId}; PRAGMA user_version = {Version}; COMMIT");
    }

    /// <summary>Sets up the writing connection.</summary>
    public static void Configure(SqliteDatabase database, SqliteStoreOptions options)
    {
        database.Execute("PRAGMA journal_mode = WAL");
        // FULL syncs the log of changes at each commit: it survives a loss of power. NORMAL syncs before and after the log is copied into
        // the file only. Its commits are with the operating system, so they survive the process; a loss of power may take the last ones but
        // leaves the file whole, which OFF would not (https://sqlite.org/pragma.html#pragma_synchronous).
        database.Execute(options.Durability.Level == DurabilityLevel.Disk ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL");
        // In pages: the log of changes is copied into the file every 16 MB, and cut to 32 MB when it grew larger for once.
        database.Execute("PRAGMA wal_autocheckpoint = 4096; PRAGMA journal_size_limit = 33554432");
        // In KB: inner pages and the ends of the logs in use.
        database.Execute("PRAGMA cache_size = -32768; PRAGMA temp_store = MEMORY");
        if (options.MaximumPages > 0) database.Execute($"PRAGMA max_page_count = {options.MaximumPages}");
    }
}
