using System.Text;
using OrleansMqtt.Messages;
using OrleansMqtt.Storage.Formats;

namespace OrleansMqtt.Storage.Sqlite.Documents;

/// <inheritdoc cref="IRetainedStore"/>
/// <param name="store">The open store.</param>
internal sealed class SqliteRetainedStore(SqliteStore store) : IRetainedStore
{
    // Rows at a time, so that a large partition is never in memory twice. Messages may be large, so it is not many.
    private const int PageSize = 128;

    // By the writer: what it has taken before this is committed, and so loaded later.
    public ValueTask<long> OpenAsync(int partition, long epoch) => new(store.WriteAsync(_ => store.RetainedEpochs.Open(partition, epoch)));

    public async IAsyncEnumerable<Message> LoadAsync(int partition)
    {
        for (byte[]? after = []; after is not null;)
        {
            var from = after;
            after = null;
            var page = await store.ReadRecordsAsync<Message>((database, page) =>
            {
                var select = database.Statement("SELECT id, topic, body FROM retained WHERE partition = ?1 AND topic > ?2 ORDER BY topic LIMIT ?3");
                select.Bind(1, partition).Bind(2, from.AsSpan()).Bind(3, PageSize);
                while (select.Step())
                {
                    var topic = after = select.Blob(1).ToArray();
                    var body = select.Blob(2);
                    try
                    {
                        var message = MessageFormat.Decode(body);
                        if (!message.Topic.SequenceEqual(topic)) throw new InvalidDataException($"It says its topic is {message.TopicName}.");
                        page.Add(message);
                    }
                    catch (InvalidDataException reason)
                    {
                        page.AddDamaged("retained", select.Int64(0), $"partition {partition}, topic {Encoding.UTF8.GetString(topic)}", body, reason);
                    }
                }
            });
            foreach (var message in page) yield return message;
        }
    }

    public ValueTask StoreAsync(int partition, long epoch, ImmutableArray<Message> messages)
    {
        var bodies = new ReadOnlyMemory<byte>[messages.Length];
        var bytes = 0L;
        for (var i = 0; i < bodies.Length; i++)
        {
            if (messages[i].Payload.IsEmpty) continue;
            bodies[i] = MessageFormat.Encode(messages[i]);
            bytes += bodies[i].Length;
        }
        return new(store.WriteAsync(
            database =>
            {
                store.RetainedEpochs.Require(partition, epoch);
                for (var i = 0; i < bodies.Length; i++)
                {
                    if (bodies[i].IsEmpty)
                        database.Statement("DELETE FROM retained WHERE partition = ?1 AND topic = ?2").Bind(1, partition).Bind(2, messages[i].Topic).Run();
                    else
                        database.Statement("INSERT INTO retained (partition, topic, body) VALUES (?1, ?2, ?3) ON CONFLICT (partition, topic) DO UPDATE SET body = excluded.body")
                            .Bind(1, partition).Bind(2, messages[i].Topic).Bind(3, bodies[i].Span).Run();
                }
            },
            bytes));
    }
}
