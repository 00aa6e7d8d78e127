using Microsoft.Extensions.Logging.Abstractions;
using OrleansMqtt.Benchmarks.Delivery;
using OrleansMqtt.Benchmarks.Topics;
using OrleansMqtt.Diagnostics;
using OrleansMqtt.Grains.Routing;
using OrleansMqtt.Grains.Storage;
using OrleansMqtt.Grains.Topics;
using OrleansMqtt.Messages;
using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Protocol.Topics;
using OrleansMqtt.Routing;
using OrleansMqtt.Topics;

namespace OrleansMqtt.Benchmarks.Growth;

/// <summary>What one subscription, one retained message and one remembered topic weigh.</summary>
internal static class MemoryGrowth
{
    // Few enough that all of them are remembered.
    private const int RememberedTopics = 16_384;

    private static readonly Func<int, string>[] Shapes =
    [
        static i => Fleet.Topic(i, "temperature/value"),
        static i => Fleet.Topic(i, "+/value"),
        static i => Fleet.Topic(i, "alarm/#"),
    ];

    /// <summary>Measures with <paramref name="count"/> of each and writes the tables.</summary>
    public static void Write(TextWriter output, int count)
    {
        var subscriptions = new MarkdownTable(output, "Bytes per subscription of a clean session, each with a filter of its own", "held by", "exact", "`+`", "`#`");
        subscriptions.Row("a topic tree with nothing at the filters", PerFilter(Tree));
        double[][] holders = [PerFilter(Gateway), PerFilter(Replica), PerFilter(Grain)];
        subscriptions.Row("gateway: tree, subscriber, registration", holders[0]);
        subscriptions.Row("silo: route replica", holders[1]);
        subscriptions.Row("topic grain: table of routes", holders[2]);
        subscriptions.Row("gateway, silo and topic grain", Enumerable.Range(0, Shapes.Length).Select(i => holders.Sum(bytes => bytes[i])));

        var others = new MarkdownTable(output, "Bytes per retained message and per remembered topic", "what", "count", "bytes each");
        others.Row("retained message, 64 bytes of payload, topic of about 25", count, Measure.Bytes(() => Retained(count)) / (double)count);
        var remembered = Math.Min(count, RememberedTopics);
        others.Row("topic remembered by the silo (one gateway)", remembered, RememberedBySilo(remembered));
        others.Row("topic remembered by silo and gateway (one client)", remembered, RememberedByBoth(remembered));
        if (count > RememberedTopics) others.Row("topic the silo has seen; it remembers 64 MiB of them", count, RememberedBySilo(count));

        double[] PerFilter(Func<int, Func<int, string>, object> build) =>
            [.. Shapes.Select(shape => Measure.Bytes(() => build(count, shape)) / (double)count)];
    }

    /// <summary>A store of retained messages, each under a topic of its own.</summary>
    public static RetainedMessages Retained(int count)
    {
        var retained = new RetainedMessages(new MemoryRetainedStore(), RetainedQuota.Unlimited, new BrokerMetrics(), TimeProvider.System);
        foreach (var topics in Fleet.Shuffled(count).Chunk(1_000))
            retained.StoreAsync(0, [.. topics.Select(static topic => new Message(topic, default, new byte[64]) { Retain = true })]).GetAwaiter().GetResult();
        return retained;
    }

    private static TopicTree<object> Tree(int count, Func<int, string> filter)
    {
        var tree = new TopicTree<object>();
        for (var i = 0; i < count; i++) tree.GetOrAdd(Fleet.Bytes(filter(i)), static () => nameof(Tree));
        return tree;
    }

    private static BareBroker Gateway(int count, Func<int, string> filter)
    {
        var broker = new BareBroker(tellsReplica: false);
        var client = broker.Connect(ProtocolVersion.V50);
        for (var i = 0; i < count; i++) broker.Subscribe(client, filter(i));
        return broker;
    }

    private static RouteReplica Replica(int count, Func<int, string> filter)
    {
        var replica = new RouteReplica(new TopicPartitions(1), new RoutingLeases());
        replica.LoadAsync(0, new RouteSnapshot(0, [], default)).GetAwaiter().GetResult();
        for (var i = 0; i < count; i++) replica.ApplyAsync(0, i, i + 1, [RouteChanges.OfGateway("gateway", filter(i), removed: false)]).GetAwaiter().GetResult();
        return replica;
    }

    private static PartitionRoutes Grain(int count, Func<int, string> filter)
    {
        var grain = new PartitionRoutes(0, new MemorySubscriptionStore(), Retained(0), Replica(0, filter), new StandInSilo(), new TopicMode(null), NullLogger.Instance);
        for (var i = 0; i < count; i++) grain.ChangeGatewaysAsync([RouteChanges.OfGateway("gateway", filter(i), removed: false)]).GetAwaiter().GetResult();
        return grain;
    }

    private static double RememberedBySilo(int count)
    {
        var replica = Replica(1, static _ => "site/#");
        return Remembered(count, topic => replica.Match(topic));
    }

    private static double RememberedByBoth(int count)
    {
        var broker = new BareBroker();
        broker.Subscribe(broker.Connect(ProtocolVersion.V50), "site/#");
        return Remembered(count, topic => broker.Publish(topic, default));
    }

    private static double Remembered(int count, Action<byte[]> look)
    {
        var topics = Fleet.Shuffled(count);
        look(topics[0]);
        return Measure.Bytes(() =>
        {
            foreach (var topic in topics) look(topic);
            return look;
        }) / (double)count;
    }
}
