using OrleansMqtt.Storage.Sqlite.Engine;

namespace OrleansMqtt.Storage.Sqlite.Sessions;

/// <summary>Keeps a log's count and bytes right when an entry leaves it in an unusual way.</summary>
internal static class EntryRemoval
{
    /// <summary>Takes an entry, which is deleted next, off the head of its log.</summary>
    public static void Uncount(WriteContext context, long id)
    {
        var database = context.Database;
        var select = database.Statement("SELECT log.client, entry.size, entry.released FROM entry JOIN log ON log.number = entry.id >> 39 WHERE entry.id = ?1").Bind(1, id);
        if (!select.Step()) return;
        var (client, size, released) = (select.Text(0), select.Int64(1), select.Int64(2) != 0);
        select.Reset();
        var head = context.Heads.Find(database, client, long.MaxValue)!;
        head.Count--;
        if (!released) head.Bytes -= size;
        context.Heads.Changed(head);
    }
}
