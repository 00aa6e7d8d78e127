using static SQLitePCL.raw;

namespace OrleansMqtt.Storage.Sqlite.Engine;

/// <summary>What a failure of SQLite means to users of the ports.</summary>
/// <param name="directory">The data directory.</param>
internal sealed class SqliteErrors(string directory)
{
    // Less than this and an I/O error is put down to lack of space: SQLite answers SQLITE_FULL to a short write only, not where it grows its shared index.
    private const long NoSpace = 1 << 20;

    /// <summary>The exception to answer with.</summary>
    public Exception Of(SqliteFailure failure) => failure.Primary switch
    {
        SQLITE_FULL => Full(failure),
        SQLITE_IOERR when HasNoSpace() => Full(failure),
        SQLITE_CORRUPT or SQLITE_NOTADB => new InvalidDataException($"The store in {directory} is damaged; what is readable is salvaged at the next start.", failure),
        _ => new StoreUnavailableException($"The store in {directory} did not take a write or a read.", failure),
    };

    private bool HasNoSpace()
    {
        try
        {
            return new DriveInfo(directory).AvailableFreeSpace < NoSpace;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Then it is not the lack of space that is to be reported.
            return false;
        }
    }

    private StoreFullException Full(SqliteFailure failure) => new($"The store in {directory} has no space left.", failure);
}
