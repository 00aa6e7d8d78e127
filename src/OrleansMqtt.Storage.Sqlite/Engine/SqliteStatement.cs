using System.Text;
using SQLitePCL;
using static SQLitePCL.raw;

namespace OrleansMqtt.Storage.Sqlite.Engine;

/// <summary>A prepared statement: bind what it needs, from index 1, then step or run. Spans that it gives out are valid until the next step.</summary>
internal sealed class SqliteStatement : IDisposable
{
    private readonly SqliteDatabase _database;
    private readonly sqlite3_stmt _handle;

    public SqliteStatement(SqliteDatabase database, sqlite3 connection, string sql)
    {
        _database = database;
        database.Check(sqlite3_prepare_v3(connection, sql, SQLITE_PREPARE_PERSISTENT, out _handle));
    }

    public SqliteStatement Bind(int index, long value)
    {
        _database.Check(sqlite3_bind_int64(_handle, index, value));
        return this;
    }

    public SqliteStatement Bind(int index, string? value)
    {
        // By length, not up to a zero: no identifier is cut.
        if (value is null) _database.Check(sqlite3_bind_null(_handle, index));
        else if (value.Length == 0) _database.Check(sqlite3_bind_text(_handle, index, ""));
        else BindUtf8(index, value);
        return this;
    }

    public SqliteStatement Bind(int index, ReadOnlySpan<byte> value)
    {
        // An empty span has no address, which SQLite takes for NULL.
        _database.Check(value.IsEmpty ? sqlite3_bind_zeroblob(_handle, index, 0) : sqlite3_bind_blob(_handle, index, value));
        return this;
    }

    /// <summary>Goes to the next row; false, and reset, when there is none.</summary>
    public bool Step()
    {
        var code = sqlite3_step(_handle);
        if (code == SQLITE_ROW) return true;
        // Resetting repeats the failure's code but not always its message: look at it first.
        try
        {
            _database.Check(code);
        }
        finally
        {
            Reset();
        }
        return false;
    }

    /// <summary>Runs to the end.</summary>
    public void Run()
    {
        while (Step()) { }
    }

    /// <summary>Runs to the end and says how many rows it changed.</summary>
    public int RunCount()
    {
        Run();
        return _database.Changes;
    }

    public void Reset() => _ = sqlite3_reset(_handle);

    public long Int64(int column) => sqlite3_column_int64(_handle, column);

    public ReadOnlySpan<byte> Blob(int column) => sqlite3_column_blob(_handle, column);

    public string Text(int column) => Encoding.UTF8.GetString(Blob(column));

    public bool IsNull(int column) => sqlite3_column_type(_handle, column) == SQLITE_NULL;

    /// <summary>Binds what another statement has in a column, of whatever type.</summary>
    public void BindColumn(int index, SqliteStatement source, int column)
    {
        switch (sqlite3_column_type(source._handle, column))
        {
            case SQLITE_INTEGER: Bind(index, source.Int64(column)); break;
            case SQLITE_TEXT: Bind(index, source.Text(column)); break;
            case SQLITE_BLOB: Bind(index, source.Blob(column)); break;
            default: Bind(index, (string?)null); break;
        }
    }

    public void Dispose() => _handle.Dispose();

    private void BindUtf8(int index, string value)
    {
        Span<byte> buffer = value.Length <= 256 ? stackalloc byte[value.Length * 3] : new byte[Encoding.UTF8.GetByteCount(value)];
        _database.Check(sqlite3_bind_text(_handle, index, buffer[..Encoding.UTF8.GetBytes(value, buffer)]));
    }
}
