using OrleansMqtt.Benchmarks.Topics;
using OrleansMqtt.Messages;

namespace OrleansMqtt.Benchmarks.Growth;

/// <summary>What storing and reading retained messages costs, in one partition that holds them all.</summary>
internal static class RetainedGrowth
{
    private const int Probes = 1_024;
    private const int Page = 100;

    /// <summary>Measures at each size and writes the table.</summary>
    public static void Write(TextWriter output, int[] sizes)
    {
        var table = new MarkdownTable(
            output, "Nanoseconds per use of the retained messages", "retained messages", "replace one", "read an exact filter", "read `…/+`, one found",
            $"first page ({Page}) of `#`", "first page of a filter that finds nothing");
        table.Rows(sizes, Measured);
    }

    private static double[] Measured(int size)
    {
        var retained = MemoryGrowth.Retained(size);
        // The first size may be 0: then the first replacement adds the topics that are read below.
        var topics = Fleet.Somewhere(size * 3, Probes, "status");
        var messages = topics.Select(static topic => new Message(topic, default, new byte[64]) { Retain = true }).ToArray();
        var (next, known) = (0, new Rotation(topics));
        var plus = new Rotation([.. topics.Select(static topic => (byte[])[.. topic[..topic.AsSpan().LastIndexOf((byte)'/')], .. "/+"u8])]);
        return
        [
            Measure.Nanoseconds(() => retained.StoreAsync(0, [messages[next++ % Probes]]).GetAwaiter().GetResult()),
            Measure.Nanoseconds(() => retained.Read(known.Next(), default, Page)),
            Measure.Nanoseconds(() => retained.Read(plus.Next(), default, Page)),
            Measure.Nanoseconds(() => retained.Read("#"u8, default, Page)),
            Measure.Nanoseconds(() => retained.Read("site/+/device/+/unheard"u8, default, Page)),
        ];
    }
}
