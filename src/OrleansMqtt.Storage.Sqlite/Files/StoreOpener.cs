using OrleansMqtt.Storage.Sqlite.Engine;

namespace OrleansMqtt.Storage.Sqlite.Files;

/// <summary>Opens the file for writing, whatever state it is in, or says in one sentence why not.</summary>
/// <param name="files">Where it is.</param>
/// <param name="options">How it is used.</param>
/// <param name="salvage">Makes a usable file of a damaged one.</param>
internal sealed class StoreOpener(StoreFiles files, SqliteStoreOptions options, Salvage salvage)
{
    // A file of this size is checked whole at each start: well under a second. A larger one is checked when SQLite comes upon damage.
    private const long CheckedSize = 256L << 20;
    private const int PageSize = 4096;

    /// <exception cref="StoreUnusableException">The file cannot be used.</exception>
    public SqliteDatabase Open()
    {
        try
        {
            salvage.FinishInterrupted();
            if (File.Exists(files.DamageMarker)) return Salvage("SQLite came upon damage while it was in use");
            try
            {
                return OpenAsItIs();
            }
            catch (SqliteFailure failure) when (failure.IsDamage)
            {
                return Salvage(failure.Message);
            }
        }
        catch (Exception exception) when (exception is SqliteFailure or IOException or UnauthorizedAccessException)
        {
            var reason = exception is SqliteFailure failure && new SqliteErrors(files.Directory).Of(failure) is StoreFullException full ? full.Message : exception.Message;
            throw new StoreUnusableException($"Store file {files.Database} cannot be opened: {reason}", exception);
        }
    }

    private SqliteDatabase OpenAsItIs()
    {
        RefuseForeignFile();
        var database = new SqliteDatabase(files.Database);
        try
        {
            RefuseUnknownFormat(database);
            if (database.Query("PRAGMA user_version") == 0) Schema.Create(database);
            Schema.Configure(database, options);
            if (new FileInfo(files.Database).Length <= CheckedSize) Check(database);
            // The first write creates what readers need: they may not.
            database.Execute("BEGIN IMMEDIATE; COMMIT");
            return database;
        }
        catch
        {
            database.Dispose();
            throw;
        }
    }

    private SqliteDatabase Salvage(string reason)
    {
        try
        {
            using var damaged = new SqliteDatabase(files.Database);
            RefuseUnknownFormat(damaged);
        }
        catch (SqliteFailure failure) when (failure.IsDamage)
        {
            // Whose it is cannot be read either; what its tables hold, if anything, may be.
            reason = $"{reason} {failure.Message}";
        }
        salvage.Run(reason);
        return OpenAsItIs();
    }

    // What does not consist of pages was never a database; a damaged one does.
    private void RefuseForeignFile()
    {
        var file = new FileInfo(files.Database);
        if (!file.Exists || file.Length == 0 || file.Length % PageSize == 0) return;
        using var stream = file.OpenRead();
        Span<byte> start = stackalloc byte[15];
        stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        if (!start.SequenceEqual("SQLite format 3"u8)) throw new StoreUnusableException($"{files.Database} is not a database; remove it or name another store directory.");
    }

    private void RefuseUnknownFormat(SqliteDatabase database)
    {
        var (version, application) = (database.Query("PRAGMA user_version"), database.Query("PRAGMA application_id"));
        if (application != Schema.ApplicationId && (application != 0 || database.Query("SELECT count(*) FROM sqlite_master") > 0))
            throw new StoreUnusableException($"{files.Database} is another program's database; name another store directory.");
        if (version > Schema.Version)
            throw new StoreUnusableException($"{files.Database} was written by a newer version (format {version}, this one knows {Schema.Version}); start that version.");
    }

    private static void Check(SqliteDatabase database)
    {
        var found = database.QueryTexts("PRAGMA quick_check(1)");
        if (found is not ["ok"]) throw new SqliteFailure(SQLitePCL.raw.SQLITE_CORRUPT, string.Join("; ", found).ReplaceLineEndings(" "));
    }
}
