using OrleansMqtt.Benchmarks.Delivery;
using OrleansMqtt.Benchmarks.Topics;
using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Protocol.Topics;

namespace OrleansMqtt.Benchmarks.Growth;

/// <summary>What a message costs among subscriptions that it does not match. The aim is that they cost nothing.</summary>
internal static class MatchGrowth
{
    private const int Probes = 1_024;

    // Four times what the replica remembers: by the time a topic comes again it has been forgotten.
    private const int Strangers = 262_144;

    private static readonly byte[] Payload = new byte[64];

    /// <summary>Measures at each size and writes the tables.</summary>
    public static void Write(TextWriter output, int[] sizes)
    {
        var trees = new MarkdownTable(
            output, "Nanoseconds per match in a topic tree", "filters that do not match", "nothing matches", "one exact", "one with `+`", "one with `#`", "add and remove");
        trees.Rows(sizes, Tree);

        var brokers = new MarkdownTable(
            output, "Nanoseconds per route, one filter with `+` matching", "subscriptions that do not match",
            "replica, topic remembered", "replica, topic new", "routed and delivered to one client", "subscribe and unsubscribe");
        brokers.Rows(sizes, Broker);
    }

    private static double[] Tree(int size)
    {
        var tree = new TopicTree<object>();
        var results = new List<object>(16);
        var exact = Fleet.Somewhere(size, Probes, "temperature/state");
        for (var i = 0; i < size; i++) Add(Fleet.Bytes(Fleet.Filter(i)));
        foreach (var topic in exact) Add(topic);
        Add("site/+/device/+/battery"u8);
        Add("site/+/device/+/log/#"u8);
        return
        [
            Match(Fleet.Somewhere(size, Probes, "temperature/unheard"), 0),
            Match(exact, 1),
            Match(Fleet.Somewhere(size, Probes, "battery"), 1),
            Match(Fleet.Somewhere(size, Probes, "log/errors"), 1),
            AddAndRemove(new Rotation(Fleet.Somewhere(size, Probes, "+/state"))),
        ];

        object Add(ReadOnlySpan<byte> filter) => tree.GetOrAdd(filter, static () => nameof(Tree));

        double Match(byte[][] topics, int expected)
        {
            var rotation = new Rotation(topics);
            return Measure.Nanoseconds(() =>
            {
                results.Clear();
                tree.Match(rotation.Next(), results);
                if (results.Count != expected) throw new InvalidOperationException($"{results.Count} matches instead of {expected}.");
            });
        }

        double AddAndRemove(Rotation filters) => Measure.Nanoseconds(() =>
        {
            var filter = filters.Next();
            Add(filter);
            tree.Remove(filter);
        });
    }

    private static double[] Broker(int size)
    {
        var broker = new BareBroker();
        var (others, client) = (broker.Connect(ProtocolVersion.V50), broker.Connect(ProtocolVersion.V50));
        for (var i = 0; i < size; i++) broker.Subscribe(others, Fleet.Filter(i));
        broker.Subscribe(client, "site/+/device/+/temperature/state/#");
        var states = Fleet.States(size, Strangers);
        var known = new Rotation(states[..Probes]);
        var strangers = new Rotation([.. states.Select(static (topic, i) => (byte[])[.. topic, .. Fleet.Bytes($"/{i}")])]);
        var filters = new Rotation(Fleet.Somewhere(size, Probes, "+/state"));
        return
        [
            Measure.Nanoseconds(() => broker.Replica.Match(known.Next())),
            Measure.Nanoseconds(() => broker.Replica.Match(strangers.Next())),
            Measure.Nanoseconds(() => broker.Publish(known.Next(), Payload)),
            Measure.Nanoseconds(() =>
            {
                var filter = System.Text.Encoding.UTF8.GetString(filters.Next());
                broker.Subscribe(client, filter);
                broker.Unsubscribe(client, filter);
            }),
        ];
    }
}
