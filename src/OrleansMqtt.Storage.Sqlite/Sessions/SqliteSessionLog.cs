using OrleansMqtt.Sessions;
using OrleansMqtt.Storage.Formats;
using OrleansMqtt.Storage.Sqlite.Engine;

namespace OrleansMqtt.Storage.Sqlite.Sessions;

/// <inheritdoc cref="ISessionLog"/>
/// <param name="store">The open store.</param>
internal sealed class SqliteSessionLog(SqliteStore store) : ISessionLog
{
    private const string Select = """
        SELECT id, released, body FROM entry
        WHERE id BETWEEN (SELECT number << 39 FROM log WHERE client = ?1) + ?2 AND (SELECT (number << 39) + ((1 << 39) - 1) FROM log WHERE client = ?1)
        ORDER BY id LIMIT ?3
        """;

    private const string SelectInbound = "SELECT id, packet, body FROM inbound WHERE log = (SELECT number FROM log WHERE client = ?1) ORDER BY id";

    public ValueTask<SessionLogExtent> OpenAsync(string clientId, long epoch) =>
        new(store.WriteAsync(context => context.Heads.Open(context.Database, clientId, epoch).Extent));

    public ValueTask<ImmutableArray<long>> AppendAsync(string clientId, long epoch, ImmutableArray<SessionLogEntry> entries)
    {
        // Encoded here, on the caller's thread: the writer's time is everybody's.
        var bodies = new ReadOnlyMemory<byte>[entries.Length];
        var bytes = 0L;
        for (var i = 0; i < entries.Length; i++)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(entries[i].Sequence);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(entries[i].Sequence, EntryId.MaximumPosition);
            bodies[i] = SessionLogEntryFormat.Encode(entries[i]);
            bytes += bodies[i].Length;
        }
        return new(store.WriteAsync(context => LogChange.Append(context, context.Heads.Open(context.Database, clientId, epoch), entries, bodies), bytes));
    }

    public ValueTask<ImmutableArray<StoredLogEntry>> ReadAsync(string clientId, long from, int maximum)
    {
        if (maximum <= 0 || from > EntryId.MaximumPosition) return new([]);
        return new(store.ReadRecordsAsync<StoredLogEntry>((database, page) =>
        {
            var select = database.Statement(Select).Bind(1, clientId).Bind(2, Math.Max(from, 0)).Bind(3, maximum);
            while (select.Step())
            {
                var id = select.Int64(0);
                var body = select.Blob(2);
                try
                {
                    var entry = SessionLogEntryFormat.Decode(body);
                    if (entry.Sequence != EntryId.PositionOf(id)) throw new InvalidDataException($"It says it is entry {entry.Sequence}.");
                    page.Add(new StoredLogEntry(entry, select.Int64(1) != 0));
                }
                catch (InvalidDataException reason)
                {
                    page.AddDamaged("entry", id, $"client {clientId}, position {EntryId.PositionOf(id)}", body, reason);
                }
            }
        }));
    }

    public ValueTask UpdateAsync(string clientId, long epoch, SessionLogUpdate update)
    {
        var bodies = new ReadOnlyMemory<byte>[update.Stored.Length];
        var bytes = 0L;
        for (var i = 0; i < bodies.Length; i++)
        {
            bodies[i] = InboundMessageFormat.Encode(update.Stored[i]);
            bytes += bodies[i].Length;
        }
        return new(store.WriteAsync(
            context =>
            {
                LogChange.Update(context, context.Heads.Open(context.Database, clientId, epoch), update, bodies);
                return true;
            },
            bytes));
    }

    public ValueTask<ImmutableArray<InboundMessage>> ReadInboundAsync(string clientId) => new(store.ReadRecordsAsync<InboundMessage>((database, page) =>
    {
        var select = database.Statement(SelectInbound).Bind(1, clientId);
        while (select.Step())
        {
            var body = select.Blob(2);
            try
            {
                var inbound = InboundMessageFormat.Decode(body);
                if (inbound.PacketId != select.Int64(1)) throw new InvalidDataException($"It says its packet identifier is {inbound.PacketId}.");
                page.Add(inbound);
            }
            catch (InvalidDataException reason)
            {
                page.AddDamaged("inbound", select.Int64(0), $"client {clientId}, packet identifier {select.Int64(1)}", body, reason);
            }
        }
    }));

    public ValueTask DeleteAsync(string clientId, long epoch) => new(store.WriteAsync(context =>
    {
        if (context.Heads.Find(context.Database, clientId, epoch) is not { } head) return false;
        context.Heads.Drop(context.Database, clientId, head);
        store.Chores.Add();
        return true;
    }));
}
