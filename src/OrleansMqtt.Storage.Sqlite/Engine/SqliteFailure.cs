using static SQLitePCL.raw;

namespace OrleansMqtt.Storage.Sqlite.Engine;

/// <summary>SQLite could not do something. Ports answer with what <see cref="SqliteErrors.Of"/> makes of it.</summary>
/// <param name="code">SQLite's extended result code.</param>
/// <param name="message">What SQLite says.</param>
internal sealed class SqliteFailure(int code, string message) : Exception($"SQLite: {message} ({code}).")
{
    /// <summary>The extended result code.</summary>
    public int Code => code;

    /// <summary>The primary result code, such as <c>SQLITE_FULL</c>.</summary>
    public int Primary => code & 0xFF;

    /// <summary>Whether the file is damaged or is no database.</summary>
    public bool IsDamage => Primary is SQLITE_CORRUPT or SQLITE_NOTADB;
}
