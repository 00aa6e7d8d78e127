namespace OrleansMqtt.Storage.Sqlite.Sessions;

/// <summary>
/// The row number of a log entry: the log's number (24 bits) and the position (39 bits). So the entries of a log lie side by side in the
/// table itself, without an index, and an entry of 1 KB needs no overflow page, as it would in a table without row numbers.
/// </summary>
/// <remarks>16,777,215 logs at a time; 549,755,813,888 positions each: at 10,000 messages a second to one client, 20 months of one session.</remarks>
internal static class EntryId
{
    private const int PositionBits = 39;

    /// <summary>The highest position.</summary>
    public const long MaximumPosition = (1L << PositionBits) - 1;

    /// <summary>The highest number of a log.</summary>
    public const long MaximumNumber = (1L << 24) - 2;

    public static long Of(long number, long position) => number << PositionBits | position;

    public static long First(long number) => number << PositionBits;

    public static long Last(long number) => number << PositionBits | MaximumPosition;

    public static long PositionOf(long id) => id & MaximumPosition;
}
