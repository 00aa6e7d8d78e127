using OrleansMqtt.Messages;
using OrleansMqtt.Sessions;
using OrleansMqtt.Storage.Sqlite.Engine;

namespace OrleansMqtt.Storage.Sqlite.Sessions;

/// <summary>What writers do to a log, once its head has said that they may.</summary>
internal static class LogChange
{
    /// <summary>Appends entries.</summary>
    /// <param name="context">The transaction.</param>
    /// <param name="head">The log.</param>
    /// <param name="entries">The entries.</param>
    /// <param name="bodies">Their stored forms.</param>
    /// <returns>Positions that were passed over.</returns>
    public static ImmutableArray<long> Append(WriteContext context, LogHead head, ImmutableArray<SessionLogEntry> entries, ReadOnlyMemory<byte>[] bodies)
    {
        if (entries.IsEmpty) return [];
        var database = context.Database;
        var passedOver = ImmutableArray<long>.Empty;
        var insert = database.Statement("INSERT INTO entry (id, size, released, body) VALUES (?1, ?2, 0, ?3)");
        for (var i = 0; i < entries.Length; i++)
        {
            var entry = entries[i];
            var id = EntryId.Of(head.Number, entry.Sequence);
            var identity = entry.Message.Identity;
            if (entry.Sequence < head.Next)
            {
                // Tried again: what was passed over then is so now. A position that was emptied since is no different to the writer: it is done.
                if (identity is not null && !Has(database, id)) passedOver = passedOver.Add(entry.Sequence);
                continue;
            }
            head.Next = entry.Sequence + 1;
            if (identity is not null && !Take(database, head, identity))
            {
                passedOver = passedOver.Add(entry.Sequence);
                continue;
            }
            insert.Bind(1, id).Bind(2, entry.Message.Size).Bind(3, bodies[i].Span).Run();
            head.Count++;
            head.Bytes += entry.Message.Size;
        }
        context.Heads.Changed(head);
        return passedOver;
    }

    /// <summary>Applies an update.</summary>
    /// <param name="context">The transaction.</param>
    /// <param name="head">The log.</param>
    /// <param name="update">The update.</param>
    /// <param name="stored">The stored forms of the messages that it stores.</param>
    public static void Update(WriteContext context, LogHead head, SessionLogUpdate update, ReadOnlyMemory<byte>[] stored)
    {
        var database = context.Database;
        foreach (var position in update.Removed) Remove(database, head, position);
        foreach (var position in update.Released) Release(database, head, position);
        context.Heads.Changed(head);
        for (var i = 0; i < stored.Length; i++)
            database.Statement("INSERT OR IGNORE INTO inbound (log, packet, body) VALUES (?1, ?2, ?3)").Bind(1, head.Number).Bind(2, update.Stored[i].PacketId).Bind(3, stored[i].Span).Run();
        foreach (var packetId in update.Published)
            database.Statement("DELETE FROM inbound WHERE log = ?1 AND packet = ?2").Bind(1, head.Number).Bind(2, packetId).Run();
    }

    private static void Remove(SqliteDatabase database, LogHead head, long position)
    {
        if (!TryFind(database, head, position, out var id, out var size, out var released)) return;
        database.Statement("DELETE FROM entry WHERE id = ?1").Bind(1, id).Run();
        head.Count--;
        if (!released) head.Bytes -= size;
    }

    private static void Release(SqliteDatabase database, LogHead head, long position)
    {
        if (!TryFind(database, head, position, out var id, out var size, out var released) || released) return;
        database.Statement("UPDATE entry SET released = 1 WHERE id = ?1").Bind(1, id).Run();
        head.Bytes -= size;
    }

    private static bool TryFind(SqliteDatabase database, LogHead head, long position, out long id, out long size, out bool released)
    {
        (id, size, released) = (0, 0, false);
        if (position < 0 || position >= head.Next) return false;
        id = EntryId.Of(head.Number, position);
        var select = database.Statement("SELECT size, released FROM entry WHERE id = ?1").Bind(1, id);
        if (!select.Step()) return false;
        (size, released) = (select.Int64(0), select.Int64(1) != 0);
        select.Reset();
        return true;
    }

    private static bool Has(SqliteDatabase database, long id)
    {
        var select = database.Statement("SELECT 1 FROM entry WHERE id = ?1").Bind(1, id);
        if (!select.Step()) return false;
        select.Reset();
        return true;
    }

    // Whether none of its identity was taken before; now it is. What falls below the floor comes again only late, by a router that was given up: of that, one number is enough.
    private static bool Take(SqliteDatabase database, LogHead head, MessageIdentity identity)
    {
        foreach (var number in FindPast(database, head, identity)) Forget(database, head, identity.Source, number);
        if (IsPast(database, head, identity)) return false;
        return database.Statement("INSERT OR IGNORE INTO taken (log, source, epoch, count) VALUES (?1, ?2, ?3, ?4)")
            .Bind(1, head.Number).Bind(2, identity.Source).Bind(3, identity.Number.Epoch).Bind(4, identity.Number.Count).RunCount() > 0;
    }

    // The highest number below the floor of each epoch.
    private static List<MessageNumber> FindPast(SqliteDatabase database, LogHead head, MessageIdentity identity)
    {
        var found = new List<MessageNumber>();
        var select = database.Statement("SELECT epoch, max(count) FROM taken WHERE log = ?1 AND source = ?2 AND (epoch, count) < (?3, ?4) GROUP BY epoch")
            .Bind(1, head.Number).Bind(2, identity.Source).Bind(3, identity.Floor.Epoch).Bind(4, identity.Floor.Count);
        while (select.Step()) found.Add(new MessageNumber(select.Int64(0), select.Int64(1)));
        return found;
    }

    private static void Forget(SqliteDatabase database, LogHead head, string source, MessageNumber number)
    {
        var past = PastOf(source);
        database.Statement("DELETE FROM taken WHERE log = ?1 AND source = ?2 AND epoch = ?3 AND count <= ?4")
            .Bind(1, head.Number).Bind(2, source).Bind(3, number.Epoch).Bind(4, number.Count).Run();
        database.Statement("DELETE FROM taken WHERE log = ?1 AND source = ?2 AND epoch = ?3 AND count < ?4")
            .Bind(1, head.Number).Bind(2, past).Bind(3, number.Epoch).Bind(4, number.Count).Run();
        database.Statement("INSERT INTO taken (log, source, epoch, count) SELECT ?1, ?2, ?3, ?4 WHERE NOT EXISTS (SELECT 1 FROM taken WHERE log = ?1 AND source = ?2 AND epoch = ?3)")
            .Bind(1, head.Number).Bind(2, past).Bind(3, number.Epoch).Bind(4, number.Count).Run();
        database.Statement("DELETE FROM taken WHERE log = ?1 AND source = ?2 AND epoch NOT IN (SELECT epoch FROM taken WHERE log = ?1 AND source = ?2 ORDER BY epoch DESC LIMIT 4)")
            .Bind(1, head.Number).Bind(2, past).Run();
    }

    private static bool IsPast(SqliteDatabase database, LogHead head, MessageIdentity identity)
    {
        var select = database.Statement("SELECT 1 FROM taken WHERE log = ?1 AND source = ?2 AND epoch = ?3 AND count >= ?4")
            .Bind(1, head.Number).Bind(2, PastOf(identity.Source)).Bind(3, identity.Number.Epoch).Bind(4, identity.Number.Count);
        if (!select.Step()) return false;
        select.Reset();
        return true;
    }

    // No source of messages is called so.
    private static string PastOf(string source) => "past/" + source;
}
