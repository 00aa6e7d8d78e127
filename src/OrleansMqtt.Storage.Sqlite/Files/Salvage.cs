using Microsoft.Extensions.Logging;
using OrleansMqtt.Storage.Sqlite.Engine;

namespace OrleansMqtt.Storage.Sqlite.Files;

/// <summary>Copies what is readable of a damaged file into a new one and sets the old one aside. Nothing is deleted.</summary>
/// <param name="files">Where they are.</param>
/// <param name="time">For the name of what is set aside.</param>
/// <param name="logger">Is told what was saved and what was not.</param>
internal sealed partial class Salvage(StoreFiles files, TimeProvider time, ILogger logger)
{
    /// <summary>To be called first at each start: a crash may have come between the old file's leaving and the new one's coming.</summary>
    public void FinishInterrupted()
    {
        if (File.Exists(files.Database) || !File.Exists(files.Salvaged)) return;
        File.Move(files.Salvaged, files.Database);
        File.Delete(files.DamageMarker);
    }

    /// <summary>Does it. After a crash it is begun anew, or ended by <see cref="FinishInterrupted"/>.</summary>
    /// <param name="reason">What is known of the damage.</param>
    public void Run(string reason)
    {
        var aside = files.SetAside(time.GetUtcNow());
        LogDamaged(logger, files.Database, reason);
        foreach (var left in (string[])[files.Salvaged, files.Salvaged + "-wal", files.Salvaged + "-shm"]) File.Delete(left);
        using (var target = new SqliteDatabase(files.Salvaged))
        {
            Schema.Create(target);
            CopyAll(target);
            Complete(target);
        }
        // The log of changes belongs to the old file: it goes first, so that it is never taken for the new one's.
        if (File.Exists(files.Wal)) File.Move(files.Wal, aside + "-wal");
        File.Delete(files.SharedIndex);
        File.Move(files.Database, aside);
        File.Move(files.Salvaged, files.Database);
        File.Delete(files.DamageMarker);
        LogSetAside(logger, aside);
    }

    private void CopyAll(SqliteDatabase target)
    {
        SqliteDatabase source;
        try
        {
            source = new SqliteDatabase(files.Database);
        }
        catch (SqliteFailure failure)
        {
            LogUnreadable(logger, files.Database, failure.Message);
            return;
        }
        using (source)
        {
            foreach (var (table, key) in Schema.Tables)
            {
                target.Execute("BEGIN");
                // From both ends up to what cannot be read.
                var damage = Copy(source, target, table, key) is null ? null : Copy(source, target, table, key.Replace(",", " DESC,", StringComparison.Ordinal) + " DESC");
                target.Execute("COMMIT");
                var rows = target.Query($"SELECT count(*) FROM {table}");
                if (damage is null) LogSaved(logger, table, rows);
                else LogPartlySaved(logger, table, rows, damage);
            }
        }
    }

    private static string? Copy(SqliteDatabase source, SqliteDatabase target, string table, string order)
    {
        try
        {
            var columns = source.Query($"SELECT count(*) FROM pragma_table_info('{table}')");
            if (columns == 0) return "The table is not there.";
            var insert = target.Statement($"INSERT OR IGNORE INTO {table} VALUES ({string.Join(", ", Enumerable.Range(1, (int)columns).Select(static i => $"?{i}"))})");
            // Not by an index that might lead elsewhere: in the order in which the rows lie.
            var select = source.Statement($"SELECT * FROM {table} NOT INDEXED ORDER BY {order}");
            while (select.Step())
            {
                for (var i = 0; i < columns; i++) insert.BindColumn(i + 1, select, i);
                insert.Run();
            }
            return null;
        }
        catch (SqliteFailure failure)
        {
            return failure.Message;
        }
    }

    // Heads say what the log held before; entries without a head belong to nobody who could be told.
    private void Complete(SqliteDatabase target)
    {
        target.Execute("BEGIN");
        foreach (var (table, log) in ((string, string)[])[("entry", "id >> 39"), ("inbound", "log"), ("taken", "log")])
        {
            var statement = target.Statement($"DELETE FROM {table} WHERE {log} NOT IN (SELECT number FROM log)");
            if (statement.RunCount() is var count and > 0) LogOrphans(logger, table, count);
        }
        target.Execute("DELETE FROM dropped_log");
        target.Execute("""
            UPDATE log SET
                next = max(next, coalesce((SELECT max(id) & ((1 << 39) - 1) FROM entry WHERE id BETWEEN number << 39 AND (number << 39) + ((1 << 39) - 1)) + 1, 0)),
                count = (SELECT count(*) FROM entry WHERE id BETWEEN number << 39 AND (number << 39) + ((1 << 39) - 1)),
                bytes = (SELECT coalesce(sum(size), 0) FROM entry WHERE released = 0 AND id BETWEEN number << 39 AND (number << 39) + ((1 << 39) - 1))
            """);
        target.Execute("COMMIT; PRAGMA wal_checkpoint(TRUNCATE)");
    }

    [LoggerMessage(21, LogLevel.Error, "{File} is damaged ({Reason}): what is readable is copied into a new file.")]
    private static partial void LogDamaged(ILogger logger, string file, string reason);

    [LoggerMessage(22, LogLevel.Error, "{File}: nothing is readable ({Reason}).")]
    private static partial void LogUnreadable(ILogger logger, string file, string reason);

    [LoggerMessage(23, LogLevel.Information, "Table {Table}: all {Rows} rows saved.")]
    private static partial void LogSaved(ILogger logger, string table, long rows);

    [LoggerMessage(24, LogLevel.Error, "Table {Table}: {Rows} rows saved, others lost ({Reason}).")]
    private static partial void LogPartlySaved(ILogger logger, string table, long rows, string reason);

    [LoggerMessage(25, LogLevel.Error, "Table {Table}: {Rows} rows of session logs whose heads are lost were left out.")]
    private static partial void LogOrphans(ILogger logger, string table, int rows);

    [LoggerMessage(26, LogLevel.Error, "The damaged file is kept as {File}.")]
    private static partial void LogSetAside(ILogger logger, string file);
}
