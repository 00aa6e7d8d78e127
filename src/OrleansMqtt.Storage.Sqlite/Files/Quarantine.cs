using System.Text.Json;
using Microsoft.Extensions.Logging;
using OrleansMqtt.Storage.Sqlite.Engine;

namespace OrleansMqtt.Storage.Sqlite.Files;

/// <summary>Sets records aside that cannot be decoded: into a file, one JSON object a line, then out of the table. Used by the writer.</summary>
/// <param name="files">Where the file is.</param>
/// <param name="time">When.</param>
/// <param name="logger">Is told each record.</param>
internal sealed partial class Quarantine(StoreFiles files, TimeProvider time, ILogger logger)
{
    private sealed record Line(DateTimeOffset Time, string Table, string Key, string Reason, string Body);

    /// <summary>Keeps a record. To be called before it is deleted: a crash between the two writes it twice.</summary>
    /// <param name="table">Its table.</param>
    /// <param name="key">What tells it from others there.</param>
    /// <param name="body">Its bytes.</param>
    /// <param name="reason">Why it cannot be decoded.</param>
    public void Add(string table, string key, ReadOnlySpan<byte> body, string reason)
    {
        var line = JsonSerializer.SerializeToUtf8Bytes(new Line(time.GetUtcNow(), table, key, reason, Convert.ToBase64String(body)));
        using (var file = new FileStream(files.Quarantine, FileMode.Append, FileAccess.Write, FileShare.Read))
        {
            file.Write([.. line, (byte)'\n']);
            file.Flush(flushToDisk: true);
        }
        LogSetAside(logger, table, key, reason);
    }

    [LoggerMessage(20, LogLevel.Error, "Table {Table}, record {Key}: set aside in the quarantine file, since it cannot be decoded: {Reason}")]
    private static partial void LogSetAside(ILogger logger, string table, string key, string reason);
}
