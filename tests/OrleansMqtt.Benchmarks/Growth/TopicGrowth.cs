using System.Text;
using OrleansMqtt.Benchmarks.Delivery;
using OrleansMqtt.Benchmarks.Topics;
using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.Benchmarks.Growth;

/// <summary>What a message costs when many topics take turns. Silo and gateway remember 64 MiB of topics each; beyond, they look again.</summary>
internal static class TopicGrowth
{
    private static readonly byte[] Payload = new byte[64];

    /// <summary>Measures at each size and writes the table.</summary>
    public static void Write(TextWriter output, int[] sizes)
    {
        var table = new MarkdownTable(
            output, "Nanoseconds per route, topics taking turns", "topics",
            "replica, one filter for all", "routed and delivered", "replica, a filter for each", "routed and delivered");
        table.Rows(sizes, static size =>
        {
            var topics = Fleet.Shuffled(size);
            return [.. Broker(topics, ["site/#"]), .. Broker(topics, topics.Select(Encoding.UTF8.GetString))];
        });
    }

    private static double[] Broker(byte[][] topics, IEnumerable<string> filters)
    {
        var broker = new BareBroker();
        var client = broker.Connect(ProtocolVersion.V50);
        foreach (var filter in filters) broker.Subscribe(client, filter);
        var rotation = new Rotation(topics);
        return
        [
            Measure.Nanoseconds(() => broker.Replica.Match(rotation.Next())),
            Measure.Nanoseconds(() => broker.Publish(rotation.Next(), Payload)),
        ];
    }
}
