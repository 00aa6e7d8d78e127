using SQLitePCL;
using static SQLitePCL.raw;

namespace OrleansMqtt.Storage.Sqlite.Engine;

/// <summary>One connection to a file, with its prepared statements. Used by one thread at a time.</summary>
internal sealed class SqliteDatabase : IDisposable
{
    private readonly Dictionary<string, SqliteStatement> _statements = [];
    private readonly sqlite3 _handle;

    static SqliteDatabase() => Batteries_V2.Init();

    /// <summary>Opens a file; one that is to be written is created where there is none.</summary>
    /// <exception cref="SqliteFailure">It cannot be opened. What is wrong inside shows at the first statement only.</exception>
    public SqliteDatabase(string path, bool readOnly = false)
    {
        var flags = (readOnly ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE) | SQLITE_OPEN_NOMUTEX;
        var code = sqlite3_open_v2(path, out _handle, flags, null);
        if (code != SQLITE_OK)
        {
            var message = sqlite3_errstr(code).utf8_to_string();
            _handle.Dispose();
            throw new SqliteFailure(code, $"{path}: {message}");
        }
        sqlite3_extended_result_codes(_handle, 1);
        sqlite3_busy_timeout(_handle, 5000);
    }

    /// <summary>Rows changed since it was opened; wraps around.</summary>
    public int TotalChanges => sqlite3_total_changes(_handle);

    /// <summary>Rows changed by the last statement that changes rows.</summary>
    public int Changes => sqlite3_changes(_handle);

    public bool InTransaction => sqlite3_get_autocommit(_handle) == 0;

    /// <summary>A statement, prepared once and kept. The caller reads it to its end or resets it before anybody asks for it again.</summary>
    public SqliteStatement Statement(string sql)
    {
        if (!_statements.TryGetValue(sql, out var statement)) _statements.Add(sql, statement = new SqliteStatement(this, _handle, sql));
        return statement;
    }

    /// <summary>Runs statements, separated by semicolons, that are needed once.</summary>
    public void Execute(string sql) => Check(sqlite3_exec(_handle, sql));

    /// <summary>The first column of the first row.</summary>
    public long Query(string sql)
    {
        using var statement = new SqliteStatement(this, _handle, sql);
        return statement.Step() ? statement.Int64(0) : 0;
    }

    /// <summary>The first column of all rows.</summary>
    public List<string> QueryTexts(string sql)
    {
        using var statement = new SqliteStatement(this, _handle, sql);
        var texts = new List<string>();
        while (statement.Step()) texts.Add(statement.Text(0));
        return texts;
    }

    /// <summary>Copies the log of changes into the file and begins the log anew, once readers have let go of it. False: they have not.</summary>
    public bool TryRestartLog() => sqlite3_wal_checkpoint_v2(_handle, "main", SQLITE_CHECKPOINT_RESTART, out _, out _) == SQLITE_OK;

    public void Check(int code)
    {
        if (code is not (SQLITE_OK or SQLITE_ROW or SQLITE_DONE)) throw new SqliteFailure(code, sqlite3_errmsg(_handle).utf8_to_string());
    }

    public void Dispose()
    {
        foreach (var statement in _statements.Values) statement.Dispose();
        _handle.Dispose();
    }
}
